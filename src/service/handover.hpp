// The predecessor's side of a take-over: gives its listening sockets to a successor that asks.
//
// One successor at a time, which has takeover_timeout to get ready. Until it has said so, and has
// been told that they are its own, nothing has changed here; then a drain is asked for at once, and
// the supervisor is told meanwhile.
// Everything belongs to the first loop's thread.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "weir/io/loop.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/scope.hpp"

#include "state.hpp"

namespace weir::inline v0 {

class handover {
public:
    handover(service_state& service, io::loop& loop) noexcept : service_{service}, loop_{loop} {}

    // Until it is stopped. Ends at once where the service cannot be taken over.
    task<> run();
    bool done() const noexcept { return successor_.has_value(); }
    // Who it was, once it is done. Takes supervisor::longest_telling at most, also where it is
    // stopped.
    task<> tell_supervisor();

private:
    task<> accept_successors(task_scope& conversations);
    // False where there is no memory for it.
    bool begin(task_scope& conversations, io::native_socket socket) noexcept;
    // One successor, from its connection to its end.
    task<> serve(io::native_socket socket);
    task<result<>> hand_over(io::native_socket socket, int successor);
    result<> offer(const io::native_socket& to);
    task<result<std::vector<std::size_t>>> read_ready(net::connection& successor);
    void leave(const std::vector<std::size_t>& places);

    service_state& service_;
    io::loop& loop_;
    std::vector<io::listener*> offered_;
    bool busy_ = false;
    std::optional<int> successor_;  // its process, which has taken over
};

}  // namespace weir::inline v0
