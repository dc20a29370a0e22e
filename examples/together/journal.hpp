// The lines: added over HTTP, durable when they are answered, read by followers in their order.
#pragma once

#include <cstdint>
#include <string>
#include <utility>

#include "weir/base/clock.hpp"
#include "weir/db/database.hpp"
#include "weir/db/database_metrics.hpp"
#include "weir/flow/semaphore.hpp"
#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/service/service.hpp"

class followers;

class journal {
public:
    // Lifetime: the service and told outlive it.
    journal(const std::string& url, weir::service& service, followers& told);

    // POST /lines: the body is the line.
    weir::task<weir::result<weir::http::response>> add(weir::http::request& request);
    // Some of the lines behind this one; none where it is the last.
    weir::task<weir::result<weir::db::rows>> after(std::int64_t number);

private:
    // The numbers that bound this service; what is beyond is 503 with Retry-After, at once.
    static constexpr std::size_t most_in_flight = 32;
    static constexpr std::size_t most_waiting = 64;
    static constexpr std::size_t lines_at_once = 100;

    weir::task<weir::result<std::int64_t>> store(std::string text, std::string trace);

    weir::log& log_;
    followers& told_;
    weir::db::database database_;
    weir::db::database_metrics database_metrics_;
    weir::flow::semaphore in_flight_{most_in_flight, most_waiting};
    weir::metrics::counter stored_;
    weir::metrics::histogram durable_;
};
