// One connection's HTTP: what is left of it while it is idle, and the steps of serving it.
//
// While it waits for a request, a connection has this alone; all else is borrowed from the loop
// when the first byte comes, and given back when everything is answered.
#pragma once

#include <cstdint>
#include <exception>
#include <optional>
#include <string_view>

#include "weir/http/request_machine.hpp"
#include "weir/http/response_head.hpp"
#include "weir/net/connection.hpp"
#include "weir/net/session.hpp"
#include "weir/task/frame_pool.hpp"
#include "weir/task/task.hpp"

#include "loop_share.hpp"

namespace weir::inline v0::http {

class session final : public net::session {
public:
    static void* operator new(std::size_t size) { return frame_pool::allocate(size); }
    static void operator delete(void* memory, std::size_t size) noexcept {
        frame_pool::release(memory, size);
    }

    // Both outlive it.
    session(net::connection& connection, loop_share& share) noexcept
        : connection_{connection}, share_{share} {}

    // Answers what has come, and reads on where a request is incomplete. Where it rests, all
    // answers are on their way.
    std::optional<task<>> serve_batch(const environment& env) override;
    bool rests() const noexcept override { return rests_; }

private:
    // What keeps a batch from going on.
    enum class obstacle : std::uint8_t {
        none,
        end,        // it rests, or the connection is to be closed
        others,     // who are to have their turn
        input,      // more of it is to come
        handler,    // it waits for something
        rest,       // of the body, which its handler has not waited for
        answer,     // it is too large to be written at once, or not all there
        output,     // enough has gathered
        successor,  // another protocol
    };
    obstacle serve_on(exchange& current);
    obstacle serve_next(exchange& current);
    task<> overcome(loop_share::lease borrowed, obstacle what);

    // A request, from its head to its answer.
    obstacle serve_request(exchange& current, std::size_t head_bytes);
    bool handle(exchange& current, const route& to);
    void end_call(exchange& current);
    obstacle answer_handled(exchange& current);
    obstacle answer(exchange& current);
    const route* open(exchange& current, std::size_t head_bytes);
    const route* choose(exchange& current);
    static const route* refuse_escapes(exchange& current);
    bool admit(exchange& current, const route& to);
    void keep(exchange& current, result<response>&& outcome);
    void handler_threw(exchange& current, const std::exception_ptr& thrown);
    bool settle(exchange& current);
    bool settle_body(exchange& current);
    obstacle finish(exchange& current);

    // Between them.
    bool advance(exchange& current, const action& step);
    void refuse(exchange& current, response&& answer, std::string_view reason);
    task<bool> read_more(exchange& current);
    bool rest(const exchange& current) noexcept;
    bool overstays() noexcept;

    // Sending.
    response_head head_of(exchange& current);
    bool write_small(exchange& current);
    bool write_head(const response_head& head);
    task<bool> send_large(exchange& current);
    task<bool> send_stream(exchange& current);
    task<bool> break_stream();

    // The end of HTTP.
    void offer(exchange& current, response&& answer);
    void refuse_switch(exchange& current);
    task<> hand_over(loop_share::lease* borrowed);

    net::connection& connection_;
    loop_share& share_;
    request_machine::pause rest_;
    time_point turn_ = time_point::min();
    unsigned batches_ = 0;
    bool rests_ = true;
};

}  // namespace weir::inline v0::http
