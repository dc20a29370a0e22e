#include "weir/service/log.hpp"

#include <atomic>
#include <string>

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace weir::inline v0 {
namespace {

spdlog::level::level_enum to_spdlog(log_level level) noexcept {
    switch (level) {
        case log_level::debug:
            return spdlog::level::debug;
        case log_level::info:
            return spdlog::level::info;
        case log_level::warning:
            return spdlog::level::warn;
        case log_level::error:
            return spdlog::level::err;
        case log_level::off:
            return spdlog::level::off;
    }
    return spdlog::level::info;
}

spdlog::string_view_t view(std::string_view line) noexcept { return {line.data(), line.size()}; }

}  // namespace

struct log::sink {
    explicit sink(std::string_view name)
        : logger{std::string{name}, std::make_shared<spdlog::sinks::stderr_sink_mt>()} {}
    spdlog::logger logger;
    std::atomic<log_level> level = log_level::info;
};

result<log_level> parse_log_level(std::string_view text) {
    using enum log_level;
    for (const log_level each : {debug, info, warning, error, off})
        if (text == to_string(each)) return each;
    return fail(errc::invalid_argument, "a log level is debug, info, warning, error or off");
}

std::string_view to_string(log_level level) noexcept {
    switch (level) {
        case log_level::debug:
            return "debug";
        case log_level::info:
            return "info";
        case log_level::warning:
            return "warning";
        case log_level::error:
            return "error";
        case log_level::off:
            return "off";
    }
    return "unknown";
}

log::log(std::string_view name, log_level level) : sink_{std::make_unique<sink>(name)} {
    set_level(level);
    sink_->logger.set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %^%l%$ %n: %v",
                              spdlog::pattern_time_type::utc);
    sink_->logger.flush_on(spdlog::level::info);
}

log::~log() = default;

log_level log::level() const noexcept { return sink_->level.load(std::memory_order_relaxed); }

void log::set_level(log_level level) noexcept {
    sink_->level.store(level, std::memory_order_relaxed);
    sink_->logger.set_level(to_spdlog(level));
}

void log::debug(std::string_view line) noexcept { sink_->logger.debug(view(line)); }
void log::info(std::string_view line) noexcept { sink_->logger.info(view(line)); }
void log::warning(std::string_view line) noexcept { sink_->logger.warn(view(line)); }
void log::error(std::string_view line) noexcept { sink_->logger.error(view(line)); }

}  // namespace weir::inline v0
