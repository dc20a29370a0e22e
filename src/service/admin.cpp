#include "admin.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/http/field.hpp"
#include "weir/http/server.hpp"
#include "weir/metrics/text.hpp"

#include "debug_pages.hpp"

namespace weir::inline v0 {
namespace {

std::string_view without_port(std::string_view host) {
    const auto colon = host.rfind(':');
    const bool is_port = colon != std::string_view::npos && host.find(']', colon) == host.npos;
    return is_port ? host.substr(0, colon) : host;
}

http::response metrics_page(const service_state& service) {
    std::string text;
    metrics::write_text(service.registry, text);
    http::response answer;
    (void)answer.add("Content-Type", metrics::text_content_type);
    answer.set_body(std::move(text));
    return answer;
}

http::response health_page(const service_state& service) {
    if (const auto loop = service.turning->stalled()) {
        return http::problem(http::status::service_unavailable, "Stalled",
                             "loop " + std::to_string(*loop) + " does not turn");
    }
    return http::text("ok\n");
}

// A line for each thing the service depends on; ready while all of them are.
http::response readiness_page(const service_state& service) {
    const bool accepting = service.accepting.load();
    bool ready = accepting;
    std::string lines = accepting ? "accepting: ok\n" : "accepting: no, draining\n";
    for (const readiness_check& each : service.checks) {
        const auto outcome = each.check();
        ready = ready && outcome.has_value();
        lines += each.name + ": " + (outcome ? "ok" : outcome.error().message()) + '\n';
    }
    return http::text(std::move(lines),
                      ready ? http::status::ok : http::status::service_unavailable);
}

constexpr char index_page[] =
    "<!doctype html><html lang=en><meta charset=utf-8><title>Weir</title>"
    "<h1>Weir: admin pages</h1><ul>"
    "<li><a href=/metrics>/metrics</a>: Prometheus text"
    "<li><a href=/healthz>/healthz</a>: whether every loop turns"
    "<li><a href=/readyz>/readyz</a>: whether it accepts, and what it depends on"
    "<li><a href=/debug/connections>/debug/connections</a>: each connection that is open; "
    "/debug/connections/<i>id</i>/wire?seconds=10: what one carries"
    "<li><a href=/debug/tasks>/debug/tasks</a>: each task, and where it waits"
    "<li><a href=/debug/log-level>/debug/log-level</a>: GET tells it, PUT sets it</ul></html>\n";

http::response misdirected() {
    return http::problem(http::status::misdirected_request, "Misdirected Request",
                         "admin pages answer to this machine's names only");
}

template <class Page>
http::handler guarded(const admin_access& access, Page page) {
    return [access, page = std::move(page)](http::request& request) -> http::response {
        auto refused = access.refuse(request, admin_reach::figures);
        return refused ? std::move(*refused) : page(request);
    };
}

// A page that waits: a coroutine over the service and the request.
template <class Service>
using waiting_page = task<result<http::response>> (*)(Service&, http::request&);

task<result<http::response>> answer_with(http::response refusal) { co_return std::move(refusal); }

template <class Service>
http::handler guarded(const admin_access& access, Service& service, waiting_page<Service> page,
                      admin_reach reach = admin_reach::figures) {
    return [access, page, reach, &service](http::request& request) {
        auto refused = access.refuse(request, reach);
        return refused ? answer_with(std::move(*refused)) : page(service, request);
    };
}

bool is_every_interface(const io::endpoint& address) {
    const auto& octets = address.address();
    const std::size_t size = address.family() == io::endpoint::family::ipv4 ? 4 : octets.size();
    return address.family() != io::endpoint::family::unix_path &&
           std::all_of(octets.begin(), octets.begin() + size, [](auto each) { return each == 0; });
}

bool is_address(std::string_view name) {
    return io::endpoint::parse(std::string{name} + ":0").has_value();
}

}  // namespace

bool admin_hosts::has(std::string_view host) const {
    const std::string_view name = without_port(host);
    if (name.empty() || http::equals_ignoring_case(name, "localhost") || name == "127.0.0.1" ||
        name == "[::1]" || host == address_.text() || name == without_port(address_.text()))
        return true;
    if (is_every_interface(address_) && is_address(name)) return true;
    return std::any_of(names_.begin(), names_.end(), [&](const std::string& each) {
        return http::equals_ignoring_case(each, name);
    });
}

std::optional<http::response> admin_access::refuse(const http::request& request,
                                                   admin_reach reach) const {
    if (!hosts_.has(request.host())) return misdirected();
    return guard_ ? guard_(request, reach) : std::nullopt;
}

connection_handler make_admin_pages(service_state& service, const admin_access& access) {
    http::router pages;
    pages.route("GET", "/", guarded(access, [](http::request&) { return http::html(index_page); }));
    pages.route("GET", "/metrics",
                guarded(access, [&service](http::request&) { return metrics_page(service); }));
    pages.route("GET", "/healthz",
                guarded(access, [&service](http::request&) { return health_page(service); }));
    pages.route("GET", "/readyz",
                guarded(access, [&service](http::request&) { return readiness_page(service); }));
    const service_state& seen = service;
    pages.route("GET", "/debug/connections", guarded(access, seen, connections_page));
    pages.route("GET", "/debug/connections/{id}/wire",
                guarded(access, seen, wire_page, admin_reach::control));
    pages.route("GET", "/debug/tasks", guarded(access, seen, tasks_page));
    pages.route("GET", "/debug/log-level",
                guarded(access, [&service](http::request&) { return log_level_page(service); }));
    pages.route("PUT", "/debug/log-level",
                guarded(access, service, set_log_level, admin_reach::control));
    return http::serve(std::move(pages));
}

}  // namespace weir::inline v0
