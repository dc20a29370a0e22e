// What serves a connection whose protocol rests between two messages: no coroutine while nothing is
// asked, nor for a batch of messages that needs to wait for nothing.
//
// Whoever runs it waits for input before each batch, and closes the connection when one has ended
// and it does not rest.
#pragma once

#include <optional>

#include "weir/base/api.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::net {

class WEIR_API session {
public:
    using loop_bound = void;

    session(const session&) = delete;
    session& operator=(const session&) = delete;
    virtual ~session() = default;

    // Serves what has come, and reads on where a message is incomplete. What has to be waited for
    // is left to the task that it answers with, which is awaited at once, in this environment; with
    // none, the batch has ended. Session and environment outlive the task. Cancellation: as its
    // protocol says; it rests no more.
    virtual std::optional<task<>> serve_batch(const environment& env) = 0;
    // The last batch has ended, and more may follow.
    virtual bool rests() const noexcept = 0;

protected:
    session() noexcept = default;
};

}  // namespace weir::inline v0::net
