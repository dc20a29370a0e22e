// One connection of a client: what was sent on it, and what the server says.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>

#include "weir/base/intrusive_list.hpp"
#include "weir/frame/framed.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/scope.hpp"

#include "call_table.hpp"
#include "client_messages.hpp"
#include "pending_call.hpp"

namespace weir::inline v0::frame {

class client_link {
public:
    client_link(client& owner, std::unique_ptr<io::transport> transport);
    client_link(const client_link&) = delete;
    client_link& operator=(const client_link&) = delete;
    // Ends what calls are left.
    ~client_link();

    // Says hello, and hears it.
    task<result<>> greet();
    // Hands out answers until the server says goodbye or, where it has, until nobody waits for an
    // answer any more. Errors: why the connection is over.
    task<result<>> read();
    // Calls that were not begun go back to the queue, the others end with outcome_unknown.
    void end_calls(const error& why) noexcept;

    bool has_room() const noexcept { return !leaving_ && table_ && !table_->full() && writable(); }
    // False where the connection takes nothing any more; the call stays in the queue then.
    bool send(pending_call& call) noexcept;
    // What was sent leaves at the end of the turn; the client is told when there is room again.
    void flush() noexcept;
    // The caller has left.
    void cancel(pending_call& call) noexcept;
    bool leaving() const noexcept { return leaving_; }

private:
    bool writable() const noexcept { return connection_.unsent() < framed_options{}.high_water; }
    bool write_call(pending_call& call, std::int64_t id);
    result<> write_cancel(std::int64_t id) noexcept;
    result<> take(bytes_view frame) noexcept;
    void answered(const server_message& message, bytes_view frame);
    void remove(pending_call& call) noexcept;
    bool not_begun(const pending_call& call) const noexcept;
    task<> flush_and_go_on();

    client* owner_;
    net::connection connection_;
    framed frames_;
    message_reader reader_;
    std::optional<call_table> table_;
    std::size_t max_frame_ = 0;
    intrusive_list<pending_call, pending_call> sent_;
    std::size_t live_ = 0;  // of sent_
    bool leaving_ = false;
    bool ended_cleanly_ = false;
    bool flushing_ = false;
    task_scope flushes_;
};

}  // namespace weir::inline v0::frame
