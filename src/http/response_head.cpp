#include "weir/http/response_head.hpp"

#include <array>
#include <charconv>
#include <cstring>
#include <limits>

namespace weir::inline v0::http {
namespace {

constexpr std::size_t most_digits = std::numeric_limits<std::uint64_t>::digits10 + 1;
// What there may be besides what its caller sets.
constexpr std::size_t longest_rest = 224;

constexpr std::size_t date_size = 29;

// Writes as long as there is room, and counts in any case.
class counting_writer {
public:
    explicit counting_writer(bytes_span room) noexcept : room_{room} {}

    counting_writer& put(std::string_view text) noexcept {
        if (size_ <= room_.size() && text.size() <= room_.size() - size_ && !text.empty())
            std::memcpy(room_.data() + size_, text.data(), text.size());
        size_ += text.size();
        return *this;
    }

    counting_writer& put(std::uint64_t number) noexcept {
        std::array<char, most_digits> digits;
        const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
        return put({digits.data(), static_cast<std::size_t>(end - digits.data())});
    }

    std::size_t size() const noexcept { return size_; }

private:
    bytes_span room_;
    std::size_t size_ = 0;
};

// Into room for the longest head: nothing to ask at each step.
class roomy_writer {
public:
    explicit roomy_writer(bytes_span room) noexcept
        : begin_{reinterpret_cast<char*>(room.data())}, at_{begin_} {}

    roomy_writer& put(std::string_view text) noexcept {
        if (!text.empty()) std::memcpy(at_, text.data(), text.size());
        at_ += text.size();
        return *this;
    }

    roomy_writer& put(std::uint64_t number) noexcept {
        at_ = std::to_chars(at_, at_ + most_digits, number).ptr;
        return *this;
    }

    // Below ten.
    roomy_writer& put_digit(std::uint64_t number) noexcept {
        *at_++ = static_cast<char>('0' + number);
        return *this;
    }

    std::size_t size() const noexcept { return static_cast<std::size_t>(at_ - begin_); }

private:
    char* begin_;
    char* at_;
};

}  // namespace

bool response_head::chunked() const noexcept {
    return has_body() && !size_ && spoken_ == version::http_1_1;
}

bool response_head::closes() const noexcept { return !keep_alive_ || close_delimited(); }

// HEAD's fields are those that GET would get, the length included; 304 may tell the length of what
// was not modified; 1xx and 204 never have one.
std::size_t response_head::encode(bytes_span room) const noexcept {
    if (room.size() >=
        longest_rest + date_.size() + request_id_.size() + upgrade_.size() + fields_.size())
        return usual() ? write_usual(room) : write(roomy_writer{room});
    return write(counting_writer{room});
}

// As nearly all are.
bool response_head::usual() const noexcept {
    return status_ == status::ok && date_.size() == date_size && size_ && upgrade_.empty() &&
           request_id_.empty() && keep_alive_ && spoken_ == version::http_1_1;
}

// What write() writes, without a question: sizes that are known cost a few instructions each.
std::size_t response_head::write_usual(bytes_span room) const noexcept {
    const std::string_view date{date_.data(), date_size};
    const std::string_view fields = fields_;
    roomy_writer to{room};
    to.put("HTTP/1.1 200 OK\r\nDate: ").put(date).put("\r\nContent-Length: ");
    const std::uint64_t size = *size_;
    if (size < 10)
        to.put_digit(size);
    else
        to.put(size);
    return to.put("\r\n").put(fields).put("\r\n").size();
}

template <class Writer>
std::size_t response_head::write(Writer to) const noexcept {
    to.put("HTTP/1.1 ").put(code_of(status_)).put(" ").put(reason_phrase(status_)).put("\r\n");
    if (!date_.empty() && !is_interim(status_)) to.put("Date: ").put(date_).put("\r\n");
    const bool tells_length = !is_interim(status_) && status_ != status::no_content;
    if (tells_length && size_)
        to.put("Content-Length: ").put(*size_).put("\r\n");
    else if (!forbids_body() && spoken_ == version::http_1_1)
        to.put("Transfer-Encoding: chunked\r\n");
    if (!upgrade_.empty()) to.put("Connection: Upgrade\r\nUpgrade: ").put(upgrade_).put("\r\n");
    if (is_interim(status_)) return to.put(fields_).put("\r\n").size();
    if (closes())
        to.put("Connection: close\r\n");
    else if (spoken_ == version::http_1_0)
        to.put("Connection: keep-alive\r\n");
    if (!request_id_.empty()) to.put("X-Request-Id: ").put(request_id_).put("\r\n");
    return to.put(fields_).put("\r\n").size();
}

bool response_head::close_delimited() const noexcept {
    return has_body() && !size_ && spoken_ == version::http_1_0;
}

}  // namespace weir::inline v0::http
