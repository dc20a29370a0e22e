// One request and its response on a client's connection, one after the other.
//
// It says what the bytes mean and waits for them; whose connection that is, and what becomes of it,
// is not its affair. One task drives it, or one writes the request while another reads the
// response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>

#include "weir/base/fence.hpp"
#include "weir/http/client_options.hpp"
#include "weir/http/response_machine.hpp"
#include "weir/http/sent_head.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

#include "arrivals.hpp"
#include "body_pace.hpp"
#include "kept_trailers.hpp"

namespace weir::inline v0::http {

class client_exchange {
    using place = std::source_location;

public:
    // Lifetime: all outlive it.
    client_exchange(net::connection& connection, arrivals& arrivals, const client_options& options)
        : connection_{connection},
          arrivals_{arrivals},
          options_{options},
          machine_{options.limits} {}
    client_exchange(const client_exchange&) = delete;
    client_exchange& operator=(const client_exchange&) = delete;
    ~client_exchange() { forget(); }

    // --- the request

    // Writes its head. Errors: too_large where that exceeds a block; nothing has begun then.
    result<> begin(const sent_head& request);
    // Until the server says that it wants the body, has answered, or the time for that is over.
    task<result<>> wait_for_continue();
    // Copies some of the body behind what is to be sent; false where that has to wait.
    bool try_send(bytes_view part);
    // Waits as long as much of it is unsent. False: the final answer has come, and the rest of the
    // request is not wanted. Errors: the connection is lost, or the answer is none.
    task<result<bool>> send(bytes_view part);
    // Until all that is written has left.
    task<result<>> flush();
    // What is written leaves at the end of the turn.
    void flush_soon() noexcept { connection_.flush_soon(); }
    // All of it is written.
    void end_request() noexcept { sent_ = true; }
    // Another task reads the response meanwhile: from here on an answer does not end the request.
    void split() noexcept { split_ = has_writer_ = true; }
    // Behind split(): no more of the request is written.
    void writer_left(bool in_order) noexcept;
    bool has_writer() const noexcept { return has_writer_; }
    // Before its writer.
    void reader_left() noexcept;

    // --- the response

    // Until the head of the final response. Errors: timed_out, malformed, too_large, and why the
    // connection ended.
    task<result<>> read_head();
    bool headed() const noexcept { return headed_; }
    const received_head& head() const noexcept { return head_; }
    // As client_response's.
    task<result<bytes_view>> read(place at = place::current());
    task<result<bytes_view>> all(std::size_t limit);
    task<result<std::string>> text(std::size_t limit);
    std::string_view trailers() const noexcept { return trailers_.lines(); }
    // HTTP has ended on the connection, which the caller's protocol speaks from there on.
    bool left_http() const noexcept { return machine_.switched() && over_ == errc{}; }
    net::connection& connection() const noexcept { return connection_; }

    // --- in between

    // Something has come, or the end, while nobody waited for it.
    void heard() noexcept {
        if (writer_ != nullptr) writer_->request(errc::canceled);
    }
    bool begun() const noexcept { return begun_; }
    // Its end is to be a reset: the server goes on with what nobody wants, or is to wait no longer
    // for what is not coming.
    bool cut_short() const noexcept {
        return begun_ && (!ended_ || (split_ && (!sent_ || connection_.unsent() > 0)));
    }
    // No byte of an answer has come.
    bool unanswered() const noexcept { return connection_.received_bytes() == received_before_; }
    // Nothing of the request has left.
    bool unsent() const noexcept { return connection_.sent_bytes() == sent_before_; }
    // Ends it: drops what has come of a body that nobody read. False where the connection cannot
    // serve another request.
    bool settle() noexcept;

private:
    class writing;

    result<> look();
    result<> leave_http(std::size_t head_bytes);
    error rejection(const action& step);
    error lost(errc why, const environment& env);
    errc give_up(errc why) noexcept;
    void abandon() noexcept;
    result<> may_write();
    error stuck(errc why, const environment& env);
    bool writes_on(errc why, const environment& env) const noexcept;
    bool skip_arrived() noexcept;
    task<result<>> make_room();
    task<result<>> fill();
    action look_further(const fence::place& at) noexcept;
    void take(const action& step) noexcept;
    result<> collect(bytes_view piece, std::size_t limit);
    void forget() noexcept;

    net::connection& connection_;
    arrivals& arrivals_;
    const client_options& options_;
    response_machine machine_;
    received_head head_;
    std::string_view protocol_;  // asked for instead of HTTP; a literal
    net::pin head_bytes_;
    std::optional<body_pace> pace_;
    stop_node* writer_ = nullptr;  // of a wait for room, which an answer ends
    time_point written_{};         // the last of its body, while it is split
    std::uint64_t received_before_ = 0;
    std::uint64_t sent_before_ = 0;
    std::size_t interim_bytes_ = 0;
    std::size_t unconsumed_ = 0;  // of the piece that was handed out last
    place handed_out_;
    bytes_view collected_;
    net::pin first_piece_;
    fence::string copy_;  // of a body in several pieces, or of the last head
    kept_trailers trailers_;
    errc over_{};  // why nothing more is read, or written
    bool begun_ = false;
    bool sent_ = false;
    bool split_ = false;
    bool has_writer_ = false;
    bool wanted_ = false;  // 100 (Continue) has come
    bool headed_ = false;
    bool ended_ = false;
    bool all_read_ = false;
};

}  // namespace weir::inline v0::http
