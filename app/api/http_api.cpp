#include "app/api/http_api.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include "weir/http/field.hpp"
#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"

#include "app/api/bearer.hpp"
#include "app/data/result_writer.hpp"

namespace weir::app {

namespace {

constexpr std::string_view json_type = "application/json";

// Whether a field's value is this media type, whatever parameters follow (RFC 9110 section 8.3.1).
bool is_type(std::string_view value, std::string_view type) noexcept {
    std::string_view name = value.substr(0, value.find(';'));
    while (name.ends_with(' ') || name.ends_with('\t')) name.remove_suffix(1);
    return http::equals_ignoring_case(name, type);
}

// A page elsewhere may make a browser send a form here, but not JSON: that is what keeps it from
// writing. DELETE is no form's method, and may have no body.
bool has_right_type(const http::request& request, const endpoint& which) noexcept {
    if (which.method == endpoint_method::delete_ && !request.has_body()) return true;
    return is_type(request.header("Content-Type").value_or(""), json_type);
}

http::response refuse_type() {
    return http::problem(http::status::unsupported_media_type, "Unsupported Media Type",
                         "a write needs Content-Type: application/json");
}

// RFC 9110 section 12.5.3: which coding would do, in a refusal of another.
http::response refuse_coding() {
    auto answer = http::problem(http::status::unsupported_media_type, "Unsupported Media Type",
                                "a write needs a body without Content-Encoding");
    (void)answer.add("Accept-Encoding", "identity");
    return answer;
}

// What the peer names first; a program that names neither gets JSON.
bool wants_html(std::string_view accept) noexcept {
    return accept.find("text/html") < accept.find(json_type);
}

result<> take_path(const http::request& request, const endpoint& which, arguments& into) {
    for (const parameter& each : which.parameters) {
        if (each.from != parameter_source::path) continue;
        auto taken = into.add(each.name, parameter_source::path, request.param(each.name));
        if (!taken) return taken;
    }
    return {};
}

result<std::string_view> decoded(std::string_view text, scratch& memory) {
    if (text.find_first_of("%+") == std::string_view::npos) return text;
    auto plain = http::form_decode(text, memory.take(text.size()));
    if (!plain) return fail(errc::malformed, "the query has a % without two hexadecimal digits");
    return plain;
}

result<> take_query(const http::request& request, scratch& memory, arguments& into) {
    for (http::query_pairs pairs{request.query()}; const auto pair = pairs.next();) {
        const auto name = decoded(pair->name, memory);
        if (!name) return fail(name.error().clone());
        const auto value = decoded(pair->value, memory);
        if (!value) return fail(value.error().clone());
        if (auto taken = into.add(*name, parameter_source::query, *value); !taken) return taken;
    }
    return {};
}

class body_members final : public json::visitor {
public:
    explicit body_members(arguments& into) noexcept : into_{&into} {}
    result<> on_member(std::string_view name, const json::value& value) override {
        return into_->add_from_body(name, value);
    }

private:
    arguments* into_;
};

}  // namespace

http_api::http_api(const data_service& data, const config& read, std::size_t loops)
    : data_{&data},
      tokens_{read.http.auth},
      integers_{read.json.big_integers},
      index_{read, data.endpoints()},
      readers_{loops} {}

http::router http_api::routes() {
    http::router routes;
    routes.route("GET", "/", [this](http::request& request) { return index(request); }, "index");
    for (const served_endpoint& each : data_->endpoints()) {
        auto how = [this, which = &each](http::request& request) { return answer(request, which); };
        routes.route(to_string(each.config.method), each.config.path, std::move(how),
                     each.config.name);
    }
    return routes;
}

task<result<http::response>> http_api::answer(http::request& request,
                                              const served_endpoint* which) {
    if (auto refused = refuse_bearer(tokens_, request, which->config.writes()))
        co_return std::move(*refused);
    scratch memory{request.blocks()};
    arguments with{which->config, memory, integers_};
    co_await or_return(take_path(request, which->config, with));
    co_await or_return(take_query(request, memory, with));
    if (which->config.writes()) {
        if (!has_right_type(request, which->config)) co_return refuse_type();
        if (request.has_coded_body()) co_return refuse_coding();
        const bytes_view body = co_await or_return(request.read_body());
        co_await or_return(read_object(request, body, with));
    }
    const db::rows rows = co_await or_return(data_->call(which, &with, which->config.timeout));
    co_return respond(request, *which, rows);
}

result<> http_api::read_object(http::request& request, bytes_view body, arguments& into) {
    if (body.empty()) return {};
    json::reader& input = readers_.at(request.loop());
    if (auto read = input.parse(body); !read) return read;
    body_members members{into};
    return input.each_member(members);
}

result<http::response> http_api::respond(http::request& request, const served_endpoint& which,
                                         const db::rows& rows) const {
    const endpoint& config = which.config;
    auto status = static_cast<http::status>(config.status);
    if (status == http::status::no_content) return http::response{status};
    io::block_writer body{request.blocks()};
    json::writer json{body};
    result_writer results{json, integers_};
    if (config.result == result_shape::row) {
        results.first_row(rows);
    } else {
        json.begin_object();
        results.members(config, rows);
        json.end_object();
    }
    // Nothing was created, then.
    const bool no_row = config.result == result_shape::row && rows.empty();
    if (no_row) status = http::status::ok;
    http::response answer = http::json(std::move(body), status);
    if (which.location.empty() || no_row) return answer;
    std::string location;
    if (auto made = which.location.expand(rows, location); !made) return fail(made.error().clone());
    if (auto added = answer.add("Location", location); !added) return fail(added.error().clone());
    return answer;
}

result<http::response> http_api::index(http::request& request) const {
    if (auto refused = refuse_bearer(tokens_, request, false)) return std::move(*refused);
    const bool html = wants_html(request.header("Accept").value_or(""));
    http::response page =
        html ? http::html(std::string{index_.html}) : http::json(std::string{index_.json});
    (void)page.add("Vary", "Accept");
    (void)page.add("X-Content-Type-Options", "nosniff");
    if (html)
        (void)page.add("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'");
    return page;
}

}  // namespace weir::app
