#include "weir/http/body_writer.hpp"

#include <algorithm>

#include "weir/http/chunk_prefix.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/this_env.hpp"

#include "ascii.hpp"
#include "send_limits.hpp"
#include "stream_call.hpp"

namespace weir::inline v0::http {
namespace {

// What says how to read the body, or what to do with it, comes too late behind it.
bool stands_before_the_body(std::string_view name) noexcept {
    constexpr std::string_view early[] = {"age",
                                          "authorization",
                                          "cache-control",
                                          "content-encoding",
                                          "content-range",
                                          "content-type",
                                          "expires",
                                          "host",
                                          "location",
                                          "proxy-authenticate",
                                          "retry-after",
                                          "set-cookie",
                                          "te",
                                          "trailer",
                                          "vary",
                                          "www-authenticate"};
    return std::ranges::any_of(early,
                               [name](std::string_view each) { return ascii::is(name, each); });
}

}  // namespace

task<result<>> body_writer::write(bytes_view bytes) {
    const environment& env = co_await this_env{};
    if (env.stop().requested()) co_return fail(env.stop().reason());
    if (bytes.empty()) co_return result<>{};
    co_await or_return(take(bytes.size()));
    if (!begun_) co_await or_return(write_head());
    const bool chunked = head_.chunked();
    if (chunked) {
        const chunk_prefix prefix{bytes.size()};
        co_await or_return(put(prefix.text()));
    }
    const bool copied = bytes.size() <= most_copied && connection_.write(bytes);
    if (!copied) co_await or_return(lend(bytes));
    if (chunked) co_await or_return(put(chunk_end));
    if (!copied || connection_.unsent() > most_gathered) co_await or_return(sent());
    connection_.flush_soon();
    if (clock_ != nullptr) clock_->go_on();
    co_return result<>{};
}

task<result<>> body_writer::write(io::block_writer written) {
    for (auto parts = written.all_parts(); const auto part = parts.next();) {
        co_await or_return(write(*part));
    }
    co_return result<>{};
}

result<> body_writer::add_trailer(std::string_view name, std::string_view value) {
    if (stands_before_the_body(name))
        return fail(errc::invalid_argument,
                    "field " + std::string{name} + " must stand before the body");
    return trailers_.add(name, value);
}

result<> body_writer::take(std::size_t bytes) noexcept {
    if (!left_) return {};
    if (bytes > *left_) return fail(errc::too_large);
    *left_ -= bytes;
    return {};
}

task<result<>> body_writer::write_head() {
    if (clock_ != nullptr && !clock_->answers()) co_return fail(errc::canceled);
    const std::size_t size = head_.encode({});
    if (size > io::block_size) co_return fail(errc::too_large);
    bytes_span room = connection_.reserve(size);
    if (room.size() < size) {
        co_await or_return(sent());
        room = connection_.reserve(size);
        if (room.size() < size) co_return fail(errc::too_large);
    }
    head_.encode(room);
    connection_.commit(size);
    begun_ = true;
    co_return result<>{};
}

task<result<>> body_writer::put(std::string_view text) {
    if (connection_.write(as_bytes(text))) co_return result<>{};
    co_await or_return(sent());
    if (!connection_.write(as_bytes(text))) co_return fail(errc::too_large);
    co_return result<>{};
}

task<result<>> body_writer::lend(bytes_view bytes) {
    if (connection_.write_view(bytes)) co_return result<>{};
    co_await or_return(sent());
    if (!connection_.write_view(bytes)) co_return fail(errc::closed);
    co_return result<>{};
}

task<result<>> body_writer::sent() {
    if (clock_ != nullptr) clock_->pause();
    auto done = co_await connection_.flush();
    if (clock_ != nullptr) clock_->go_on();
    co_return done;
}

task<result<>> body_writer::finish() {
    if (left_.value_or(0) > 0)
        co_return fail(errc::internal, "a body ended before the size that was promised");
    if (!begun_) {
        head_.body_size(0);
        co_await or_return(write_head());
    }
    if (!head_.chunked()) co_return result<>{};
    if (!takes_trailers_ || trailers_.text().empty()) co_return co_await put(last_chunk);
    co_await or_return(put("0\r\n"));
    co_await or_return(put(trailers_.text()));
    co_return co_await put("\r\n");
}

}  // namespace weir::inline v0::http
