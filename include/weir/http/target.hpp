// The request target, split (RFC 9112 section 3.2). Nothing is decoded here: percent.hpp does that,
// after splitting, so that an escaped slash stays inside its segment.
#pragma once

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"

namespace weir::inline v0::http {

class WEIR_API target {
public:
    enum class form : std::uint8_t { origin, absolute, asterisk };

    constexpr target() noexcept = default;

    // Nothing where the text is none of the three forms, holds a fragment or a byte that is not
    // visible ASCII, or names another scheme than http and https, or no valid authority. The
    // authority form belongs to CONNECT, which is not offered. Lifetime: views into text.
    static std::optional<target> parse(std::string_view text WEIR_LIFETIMEBOUND) noexcept;
    template <std::same_as<std::string> String>
    static std::optional<target> parse(String&& gone) = delete;

    // Becomes what parse() would answer; false where that is nothing. The text is known to be
    // visible ASCII without a fragment, and not empty.
    bool assign(std::string_view text) noexcept;

    form which() const noexcept { return form_; }
    std::string_view text() const noexcept { return text_; }
    // From the slash to the question mark; "/" where an absolute form names none; "*".
    std::string_view path() const noexcept { return path_.empty() ? "/" : path_; }
    // Behind the question mark; empty where there is none.
    std::string_view query() const noexcept { return query_; }
    // Host and port of an absolute form, else empty.
    std::string_view authority() const noexcept { return authority_; }

    // The text moved to another place; its views follow.
    void rebase(const char* from, const char* to) noexcept;

private:
    bool split_absolute(std::string_view text) noexcept;
    void split_path(std::string_view text) noexcept;

    std::string_view text_;
    std::string_view path_;
    std::string_view query_;
    std::string_view authority_;
    form form_ = form::origin;
};

}  // namespace weir::inline v0::http
