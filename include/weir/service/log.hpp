// The service's own log: lines for those who run it, on standard error.
#pragma once

#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0 {

enum class log_level : std::uint8_t { debug, info, warning, error, off };

// "debug", "info", "warning", "error" or "off".
WEIR_API result<log_level> parse_log_level(std::string_view text);
WEIR_API std::string_view to_string(log_level level) noexcept;

// From any thread.
class WEIR_API log {
public:
    explicit log(std::string_view name, log_level level = log_level::info);
    log(const log&) = delete;
    log& operator=(const log&) = delete;
    ~log();

    log_level level() const noexcept;
    void set_level(log_level level) noexcept;

    void debug(std::string_view line) noexcept;
    void info(std::string_view line) noexcept;
    void warning(std::string_view line) noexcept;
    void error(std::string_view line) noexcept;

private:
    struct sink;
    std::unique_ptr<sink> sink_;
};

}  // namespace weir::inline v0
