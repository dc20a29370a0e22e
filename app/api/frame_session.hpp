// One connection that speaks frames: who reads, the calls that run, and how it is left.
//
// Calls run at the same time, up to a limit, and are answered as they finish; at the limit the
// connection is not read. What is read and what is to be done about it is decided by
// call::conversation. Belongs to the connection's loop.
#pragma once

#include <optional>

#include "weir/call/conversation.hpp"
#include "weir/call/message.hpp"
#include "weir/flow/semaphore.hpp"
#include "weir/frame/framed.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/scope.hpp"

#include "app/api/frame_call.hpp"
#include "app/api/frame_share.hpp"

namespace weir::app {

class frame_session {
public:
    // Lifetime: share and connection outlive it.
    frame_session(frame_share& share, net::connection& connection, const weir::environment& env);
    frame_session(const frame_session&) = delete;
    frame_session& operator=(const frame_session&) = delete;
    ~frame_session() { connection_.stop_at_reset(nullptr); }

    // From the first byte until everything is answered, and sent.
    task<> run();

private:
    using permit = flow::semaphore::permit;
    using action = call::conversation::action;
    // What a call holds until its answer has been sent.
    struct places {
        permit in_flight;
        permit memory;
    };

    task<> read();
    // What is to be said at once; empty where that is nothing.
    io::block_writer take(bytes_view frame, places held);
    task<result<permit>> wait_for(flow::semaphore& from, std::size_t permits);
    io::block_writer say(action what, const call::message& said);
    void say_hello();
    result<> check_token(const call::hello& said);
    // Whether the peer may call it.
    result<> permit_call(const served_endpoint& which) const;
    void nothing_came(errc why, bool stopped);
    void cancel(const call::id& which) noexcept;

    task<> answer(const call::request* asked, places held);
    task<result<db::rows>> outcome(frame_call* call, const call::request* asked);
    void write_answer(const frame_call& call, const result<db::rows>& rows,
                      io::block_writer& body) const;
    io::block_writer refusal(const call::request& asked) const;
    io::block_writer goodbye(std::string_view reason) const;
    io::block_writer last_words() const;

    task<> leave_at_drain();
    task<> leave(std::string_view reason);
    void end_with(error why);
    task<> send(io::block_writer body);

    frame_call* find(const call::id& which) noexcept;
    io::block_writer new_body() const noexcept {
        return io::block_writer{connection_.loop().blocks()};
    }
    json::reader& reader() noexcept { return share_.readers.at(connection_.loop()); }

    frame_share& share_;
    net::connection& connection_;
    frame::framed frames_;
    call::conversation conversation_;
    flow::semaphore in_flight_;
    intrusive_list<frame_call> running_;
    std::optional<error> last_words_;
    bool known_ = false;  // the peer's token is one of ours
    stop_node gone_;      // the calls of a peer that has reset the connection
    weir::environment of_calls_;
    task_scope calls_;
    task_scope leaving_;
    task_scope reading_;
};

}  // namespace weir::app
