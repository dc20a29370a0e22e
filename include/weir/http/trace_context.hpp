// Which trace a request belongs to, and which part of it (W3C Trace Context, traceparent).
//
//     00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01
//
// A value, always well-formed; the text of it is what goes into the field.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"

namespace weir::inline v0::http {

class WEIR_API trace_context {
public:
    static constexpr std::string_view field_name = "traceparent";
    static constexpr std::size_t size = 55;

    // A trace of its own, not sampled. Numbers that are all zero, which mean nothing, become 1.
    trace_context(std::uint64_t trace_high, std::uint64_t trace_low, std::uint64_t span) noexcept;

    // Nothing where the text is not exactly one: other digits than 0 to 9 and a to f, ids that are
    // all zero, version ff, anything behind the flags of version 00. What later versions add behind
    // a further dash is not read.
    static std::optional<trace_context> parse(std::string_view text) noexcept;

    // The same trace, seen from a part below this one.
    trace_context child(std::uint64_t span) const noexcept;

    // In version 00. Lifetime: this context.
    std::string_view text() const noexcept WEIR_LIFETIMEBOUND {
        return {text_.data(), text_.size()};
    }
    std::string_view trace_id() const noexcept WEIR_LIFETIMEBOUND { return text().substr(3, 32); }
    std::string_view span_id() const noexcept WEIR_LIFETIMEBOUND { return text().substr(36, 16); }
    // The caller may have recorded it.
    bool sampled() const noexcept { return text_.back() == '1'; }

private:
    trace_context() noexcept = default;

    std::array<char, size> text_;
};

}  // namespace weir::inline v0::http
