// One request of a client, from asking to the head of its response.
#pragma once

#include <cstdint>

#include "weir/http/client_hold.hpp"
#include "weir/http/client_request.hpp"
#include "weir/http/client_response.hpp"
#include "weir/http/sent_head.hpp"
#include "weir/task/task.hpp"

#include "client_state.hpp"

namespace weir::inline v0::http {

class client_call {
public:
    // Lifetime: the client outlives it; what the head names, until begin() or ask() has ended.
    client_call(client_state& client, const sent_head& head)
        : client_{client}, head_{head}, begun_{client.loop().now()} {
        head_.host(client.options().authority);
    }
    client_call(const client_call&) = delete;
    client_call& operator=(const client_call&) = delete;
    ~client_call() { let_go(); }

    // All of it; body: whose body it has, null for none. Once more on a connection of its own where
    // the one that it was lent was gone, and that is safe.
    task<result<client_response>> ask(const client_request* body);

    // The same in steps, as client_upload's.
    task<result<>> begin();
    task<result<>> write(bytes_view piece);
    task<result<>> end();
    task<result<client_response>> response();
    task<result<client_response>> finish();

private:
    task<result<client_response>> attempt(const client_request* body);
    task<result<>> open();
    task<result<>> send_body(const client_request* body);
    task<result<>> send_piece(bytes_view piece);
    task<result<>> send(bytes_view part);
    client_response answered(client_hold from);
    bool worth_another(errc why) const noexcept;
    static bool is_lost(errc why, const client_hold& link) noexcept;
    error explained(error why, const client_hold& link);
    error lost(error why);
    task<result<>> leave();
    void let_go() noexcept;

    client_state& client_;
    sent_head head_;
    time_point begun_;
    client_hold link_;
    std::uint64_t left_ = 0;  // of a body whose size was announced
    bool refused_ = false;    // it was answered before all of it was sent
    bool ended_ = false;      // all of it is written
    bool asked_ = false;      // for the response
    bool counted_ = false;    // as answered, or as failed
};

}  // namespace weir::inline v0::http
