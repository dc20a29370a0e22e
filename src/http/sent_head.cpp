#include "weir/http/sent_head.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

#include "weir/http/target.hpp"

namespace weir::inline v0::http {
namespace {

class counter {
public:
    void put(std::string_view text) noexcept { size_ += text.size(); }
    std::size_t size() const noexcept { return size_; }

private:
    std::size_t size_ = 0;
};

// Into room that is large enough.
class writer {
public:
    explicit writer(std::byte* at) noexcept : at_{at} {}
    void put(std::string_view text) noexcept {
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
    }

private:
    std::byte* at_;
};

class digits {
public:
    explicit digits(std::uint64_t number) noexcept
        : size_{static_cast<std::size_t>(
              std::to_chars(text_.data(), text_.data() + text_.size(), number).ptr -
              text_.data())} {}
    std::string_view text() const noexcept { return {text_.data(), size_}; }

private:
    std::array<char, std::numeric_limits<std::uint64_t>::digits10 + 1> text_;
    std::size_t size_;
};

}  // namespace

std::size_t sent_head::encode(bytes_span room) const noexcept {
    counter needed;
    write(needed);
    if (needed.size() <= room.size()) {
        writer to{room.data()};
        write(to);
    }
    return needed.size();
}

template <class Writer>
void sent_head::write(Writer& to) const noexcept {
    to.put(to_string(asked_));
    to.put(" ");
    to.put(target_);
    to.put(" HTTP/1.1\r\nHost: ");
    to.put(host_);
    to.put("\r\n");
    if (tells_size()) {
        to.put("Content-Length: ");
        to.put(digits{*size_}.text());
        to.put("\r\n");
    } else if (chunked()) {
        to.put("Transfer-Encoding: chunked\r\n");
    }
    if (expects_continue()) to.put("Expect: 100-continue\r\n");
    if (!switch_to_.empty()) {
        to.put("Connection: Upgrade\r\nUpgrade: ");
        to.put(switch_to_);
        to.put("\r\n");
    }
    to.put(fields_);
    to.put("\r\n");
}

// RFC 9110 section 8.6: where the method gives a body a meaning, that there is none is said as
// well.
bool sent_head::tells_size() const noexcept {
    if (!size_) return false;
    const bool expected =
        asked_ == method::post || asked_ == method::put || asked_ == method::patch;
    return *size_ > 0 || expected;
}

result<> check_target(method asked, std::string_view target) {
    if (asked == method::connect) return fail(errc::unsupported, "CONNECT is not spoken");
    const auto parsed = http::target::parse(target);
    if (!parsed)
        return fail(errc::invalid_argument,
                    "a request's target is visible ASCII without a fragment; escape what is not");
    const bool asterisk = parsed->which() == http::target::form::asterisk;
    if (parsed->which() == http::target::form::origin || (asterisk && asked == method::options))
        return {};
    return fail(errc::invalid_argument, "a request's target begins with a slash");
}

}  // namespace weir::inline v0::http
