// How a session's answers get into its connection's output.
#include "send_limits.hpp"
#include "session.hpp"

namespace weir::inline v0::http {
namespace {

// What a head takes besides its fields.
constexpr std::size_t head_estimate = 384;

}  // namespace

response_head session::head_of(exchange& current) {
    const response& answer = *current.answer;
    response_head head{answer.status()};
    // Where the request line could not be read, nothing is known of who asked.
    const request_head& asked = current.request.head_;
    if (!asked.target().text().empty()) head.answering(asked.method(), asked.version());
    const std::size_t size = answer.body_size();
    const streamed_body* const streamed = answer.streamed();
    const bool known = streamed == nullptr || streamed->promised.has_value();
    if (known && (size > 0 || answer.status() != status::not_modified)) head.body_size(size);
    if (share_.options().request_ids) head.request_id(current.request.id());
    if (!current.offered.empty()) head.upgrade(current.offered);
    head.fields(answer.field_lines()).date(share_.date()).keep_alive(current.machine.persists());
    return head;
}

// Head and body behind one another in one block. False where they are too large for that or not
// all there, or nothing fits before something has been sent.
bool session::write_small(exchange& current) {
    const response& answer = *current.answer;
    const std::size_t body = answer.body_size();
    const std::size_t needed = head_estimate + answer.field_lines().size() + body;
    if (body > most_copied || needed > io::block_size || answer.streamed() != nullptr) return false;
    const bytes_span room = connection_.reserve(needed);
    if (room.size() < needed) return false;
    const response_head head = head_of(current);
    std::size_t used = head.encode(room);
    if (used + body > room.size()) return false;
    if (head.has_body()) {
        answer.copy_body(room.data() + used);
        used += body;
    }
    connection_.commit(used);
    return true;
}

bool session::write_head(const response_head& head) {
    const std::size_t size = head.encode({});
    if (size > io::block_size) return false;
    const bytes_span room = connection_.reserve(size);
    if (room.size() < size) return false;
    head.encode(room);
    connection_.commit(size);
    return true;
}

task<bool> session::send_large(exchange& current) {
    if (current.streams() && head_of(current).has_body()) co_return co_await send_stream(current);
    if (!write_head(head_of(current))) {
        if (!co_await connection_.flush() || !write_head(head_of(current))) co_return false;
    }
    if (!head_of(current).has_body()) co_return true;
    current.unpin();
    auto parts = current.answer->body();
    while (const auto part = parts.next()) {
        if (connection_.write_view(*part)) continue;
        if (!co_await connection_.flush() || !connection_.write_view(*part)) co_return false;
    }
    co_return (co_await connection_.flush()).has_value();
}

}  // namespace weir::inline v0::http
