// Writes one JSON value (RFC 8259) straight into a body, as it goes along.
//
//     io::block_writer body{request.blocks()};
//     json::writer json{body};
//     json.begin_object();
//     json.name("count");
//     json.integer(3);
//     json.end_object();
//     co_return http::json(std::move(body));
//
// Nothing is allocated but blocks, nothing is kept. What does not nest is a programmer's error:
// std::logic_error. Every function may throw std::bad_alloc.
#pragma once

#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/io/block_writer.hpp"

namespace weir::inline v0::json {

class WEIR_API writer {
public:
    // Deeper than this is std::logic_error.
    static constexpr unsigned max_depth = 63;

    // Lifetime: the body outlives the writer.
    explicit writer(io::block_writer& body) noexcept : body_{&body} {}

    void begin_object() { open('{', true); }
    void end_object() { close('}', true); }
    void begin_array() { open('[', false); }
    void end_array() { close(']', false); }

    // Errors: malformed where the text is not UTF-8; nothing is written then, and null() or another
    // value may be.
    result<> name(std::string_view text);
    result<> string(std::string_view text);

    void integer(std::int64_t number);
    // The shortest digits that read back as the same number; null where it is not finite, which
    // JSON has no words for.
    void number(double number);
    void boolean(bool value) { word(value ? "true" : "false"); }
    void null() { word("null"); }
    // A string with the padded base64 of the bytes (RFC 4648 section 4).
    void base64(bytes_view bytes);
    // A value that is JSON already.
    void raw(std::string_view json) { word(json); }

    // One value has been written, and everything in it is closed.
    bool complete() const noexcept { return depth_ == 0 && began(0); }

private:
    static constexpr std::uint64_t bit(unsigned depth) noexcept {
        return std::uint64_t{1} << depth;
    }
    bool began(unsigned depth) const noexcept { return (began_ & bit(depth)) != 0; }
    bool in_object() const noexcept { return (objects_ & bit(depth_)) != 0; }

    void open(char bracket, bool object);
    void close(char bracket, bool object);
    void word(std::string_view text);
    void quoted(std::string_view text);
    // Text that needs no escape.
    void quoted_plain(std::string_view text);
    void before_value();
    void comma();
    [[noreturn]] static void refuse(const char* why);

    io::block_writer* body_;
    std::uint64_t began_ = 0;    // a bit a depth: something stands there, so a comma is next
    std::uint64_t objects_ = 0;  // a bit a depth: it is an object, else an array or the top
    unsigned depth_ = 0;
    bool named_ = false;  // a name was written and waits for its value
};

}  // namespace weir::inline v0::json
