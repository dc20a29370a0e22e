#include "journal.hpp"

#include "weir/task/or_return.hpp"
#include "weir/task/this_env.hpp"

#include "followers.hpp"

namespace db = weir::db;
namespace http = weir::http;
using weir::or_return;

journal::journal(const std::string& url, weir::service& service, followers& told)
    : log_{service.log()},
      told_{told},
      database_{url, service.blocking()},
      database_metrics_{service.metrics(), database_},
      stored_{service.metrics().counter("together_lines_total", "Lines made durable.")},
      durable_{service.metrics().histogram("together_durable_seconds",
                                           "From a line's arrival until it is on disk.")} {}

weir::task<weir::result<http::response>> journal::add(http::request& request) {
    // Held until the line is durable, and not merely until it was handed on.
    auto permit = co_await or_return(in_flight_.acquire());
    const weir::bytes_view body = co_await or_return(request.read_body());
    const std::string trace{request.trace().trace_id()};
    std::string text{weir::as_text(body)};
    const auto number = co_await or_return(store(std::move(text), trace));
    log_.info("trace " + trace + " is line " + std::to_string(number));
    told_.wake();
    http::response answer = http::text(std::to_string(number) + "\n", http::status::created);
    co_await or_return(answer.add("Trace-Id", trace));
    co_return answer;
}

weir::task<weir::result<std::int64_t>> journal::store(std::string text, std::string trace) {
    const weir::environment& env = co_await weir::this_env{};
    const weir::time_point began = env.now();
    const db::params bound{{"text", text}, {"trace", trace}};
    // Shares its commit, and so the wait for the disk, with others that came meanwhile.
    auto rows = co_await or_return(database_.write(
        "insert into line (text, trace) values (:text, :trace) returning number", bound));
    stored_.add();
    durable_.observe(env.now() - began);
    co_return rows[0]["number"].as_integer();
}

weir::task<weir::result<db::rows>> journal::after(std::int64_t number) {
    auto session = co_await or_return(database_.session());
    const db::params bound{{"number", number}};
    co_return co_await session.query(
        "select number, trace, text from line where number > :number order by number", bound,
        db::query_options{lines_at_once});
}
