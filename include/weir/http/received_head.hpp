// Status line and fields of a response that came from a server, as views into the receive buffer;
// message_head.hpp says how long they live. (A response_head is one that is to be sent.)
#pragma once

#include "weir/http/message_head.hpp"
#include "weir/http/status.hpp"

namespace weir::inline v0::http {

class received_head final : public message_head {
public:
    received_head() noexcept : message_head{message::response} {}

    // 100 to 599, registered or not.
    http::status status() const noexcept { return status_; }

    // The head's bytes moved from one place to another; every view follows.
    void rebase(const char* from, const char* to) noexcept { rebase_fields(from, to); }
    void reset() noexcept { reset_fields(message::response); }

private:
    friend class head_reader;

    http::status status_ = http::status::ok;
};

}  // namespace weir::inline v0::http
