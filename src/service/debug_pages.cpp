#include "debug_pages.hpp"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <limits>
#include <source_location>
#include <string>
#include <vector>

#include "weir/json/writer.hpp"
#include "weir/task/or_return.hpp"

#include "look.hpp"

namespace weir::inline v0 {
namespace {

using reports = std::vector<std::optional<loop_report>>;

constexpr std::size_t usual_limit = 1000;
constexpr std::size_t largest_limit = 100'000;
// Seconds; a page is answered within the request timeout, 30 s.
constexpr std::uint64_t longest_trace = 20;

// A whole number from 1 to most.
result<std::uint64_t> number_in(std::string_view text, std::string_view what, std::uint64_t most) {
    std::uint64_t number = 0;
    const auto read = std::from_chars(text.data(), text.data() + text.size(), number);
    if (read.ec != std::errc{} || read.ptr != text.data() + text.size() || number == 0 ||
        number > most) {
        return fail(errc::invalid_argument,
                    std::string{what} + " is a number from 1 to " + std::to_string(most));
    }
    return number;
}

result<std::uint64_t> limit_of(http::request& request) {
    const auto text = request.query("limit");
    if (!text) return usual_limit;
    return number_in(*text, "limit", largest_limit);
}

class page {
public:
    explicit page(io::block_pool& blocks) : body_{blocks}, json_{body_} { json_.begin_object(); }

    void count(std::string_view what, std::size_t number) {
        name(what);
        json_.integer(static_cast<std::int64_t>(number));
    }
    void loops_without_answer(const reports& found) {
        name("loops_without_answer");
        json_.begin_array();
        for (std::size_t loop = 0; loop < found.size(); ++loop) {
            if (!found[loop]) json_.integer(static_cast<std::int64_t>(loop));
        }
        json_.end_array();
    }
    void begin_list(std::string_view what) {
        name(what);
        json_.begin_array();
    }
    void add(const loop_report& of, const connection_report& connection) {
        json_.begin_object();
        count("id", connection.id);
        count("loop", of.loop);
        text("protocol", connection.protocol);
        text("peer", connection.peer);
        text("name", connection.name);
        count("task", connection.task);
        text("state", to_string(connection.phase));
        name("in_message");
        json_.boolean(connection.in_message);
        name("traced");
        json_.boolean(connection.traced);
        times(of.now, connection.since, connection.deadline);
        count("received_bytes", connection.received_bytes);
        count("sent_bytes", connection.sent_bytes);
        count("unread_bytes", connection.unread_bytes);
        count("unsent_bytes", connection.unsent_bytes);
        waits_at(connection.waits_at);
        json_.end_object();
    }
    void add(const loop_report& of, const task_report& task) {
        json_.begin_object();
        count("id", task.id);
        count("loop", of.loop);
        text("name", task.name);
        text("spawned_at", place(task.spawned_at));
        times(of.now, task.since, task.deadline);
        waits_at(task.waits_at);
        json_.end_object();
    }
    http::response finish() && {
        json_.end_array();
        json_.end_object();
        return http::json(std::move(body_));
    }

private:
    static std::string place(const std::source_location& at) {
        return std::string{at.file_name()} + ':' + std::to_string(at.line());
    }
    void waits_at(const std::vector<std::source_location>& places) {
        begin_list("waits_at");
        for (const auto& each : places) (void)json_.string(place(each));
        json_.end_array();
    }
    void name(std::string_view what) { (void)json_.name(what); }
    // What is not UTF-8, in a path of a file or of a socket, is not shown.
    void text(std::string_view what, std::string_view value) {
        name(what);
        if (!json_.string(value)) json_.null();
    }
    void seconds(std::string_view what, duration time) {
        name(what);
        json_.number(std::chrono::duration<double>{time}.count());
    }
    void times(time_point now, time_point since, time_point deadline) {
        seconds("age_seconds", now - since);
        if (deadline != never) return seconds("deadline_in_seconds", deadline - now);
        name("deadline_in_seconds");
        json_.null();
    }

    io::block_writer body_;
    json::writer json_;
};

constexpr std::string_view name_of(connection_listing loop_report::*) { return "connections"; }
constexpr std::string_view name_of(task_listing loop_report::*) { return "tasks"; }

// The list of each loop's report, `limit` lines in all.
template <class List>
http::response list_page(http::request& request, const reports& found, List loop_report::* list,
                         std::size_t limit) {
    std::size_t running = 0;
    for (const auto& each : found) running += each ? ((*each).*list).running : 0;
    page made{request.blocks()};
    made.count("running", running);
    made.loops_without_answer(found);
    made.begin_list(name_of(list));
    for (const auto& each : found) {
        if (!each) continue;
        for (const auto& line : ((*each).*list).listed) {
            if (limit == 0) break;
            made.add(*each, line);
            --limit;
        }
    }
    return std::move(made).finish();
}

}  // namespace

task<result<http::response>> connections_page(const service_state& service,
                                              http::request& request) {
    const std::size_t limit = co_await or_return(limit_of(request));
    look_wanted wanted;
    wanted.connections = limit;
    const reports found = co_await look_at_loops(service, wanted);
    co_return list_page(request, found, &loop_report::connections, limit);
}

task<result<http::response>> tasks_page(const service_state& service, http::request& request) {
    const std::size_t limit = co_await or_return(limit_of(request));
    look_wanted wanted;
    wanted.tasks = limit;
    const reports found = co_await look_at_loops(service, wanted);
    co_return list_page(request, found, &loop_report::tasks, limit);
}

task<result<http::response>> wire_page(const service_state& service, http::request& request) {
    if (!service.options.wire_traces) {
        co_return http::problem(http::status::forbidden, "Forbidden",
                                "a wire trace shows what peers send: it has to be allowed in the "
                                "configuration");
    }
    const std::string_view id = request.param("id");
    const std::uint64_t connection =
        co_await or_return(number_in(id, "id", std::numeric_limits<std::uint64_t>::max()));
    const std::string_view wanted = request.query("seconds").value_or("10");
    const std::uint64_t seconds = co_await or_return(number_in(wanted, "seconds", longest_trace));
    auto text =
        co_await or_return(trace_connection(service, connection, std::chrono::seconds{seconds}));
    co_return http::text(std::move(text));
}

http::response log_level_page(const service_state& service) {
    return http::text(std::string{to_string(service.log.level())} + '\n');
}

task<result<http::response>> set_log_level(service_state& service, http::request& request) {
    const bytes_view body = co_await or_return(request.read_body());
    std::string_view text = as_text(body);
    if (text.ends_with('\n')) text.remove_suffix(1);
    const log_level level = co_await or_return(parse_log_level(text));
    service.log.set_level(level);
    service.log.warning("the log level is " + std::string{to_string(level)} + " from now on");
    co_return log_level_page(service);
}

}  // namespace weir::inline v0
