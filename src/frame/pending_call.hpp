// A call that somebody waits for: queued, or sent on a link, or decided.
#pragma once

#include <cstdint>
#include <string>

#include "weir/base/intrusive_list.hpp"
#include "weir/frame/answer.hpp"
#include "weir/frame/call_options.hpp"
#include "weir/frame/client.hpp"
#include "weir/task/wait.hpp"

namespace weir::inline v0::frame {

// Awaited by client::call(); in the client's queue or in a link's list until it is decided.
class pending_call final : public wait, public list_hook<pending_call> {
    using place = list_hook<pending_call>;

public:
    pending_call(client& owner, std::string text, const call_options& options,
                 const environment& env)
        : wait{env}, owner_{&owner}, text_{std::move(text)}, options_{options} {}
    ~pending_call() {
        if (place::linked()) owner_->leave(*this);
    }

    bool await_ready() noexcept {
        if (stopped())
            give_up(stop_reason());
        else
            owner_->enter(*this);
        return decided_;
    }
    void await_suspend(continuation then) noexcept {
        parked_ = true;
        park(then);
    }
    result<answer> await_resume();

    // It is in no list any more.
    void decide(result<answer> outcome) noexcept {
        outcome_ = std::move(outcome);
        decided_ = true;
        if (parked_) wake();
    }

    const std::string& text() const noexcept { return text_; }
    const call_options& options() const noexcept { return options_; }
    duration time_left() const noexcept { return env().deadline() - env().now(); }

    // Where it was sent; null while it is in the queue.
    class client_link* link = nullptr;
    std::int64_t id = 0;
    std::uint64_t offset = 0;  // of its first byte among all that the link has written
    unsigned times_sent = 0;
    bool maybe_executed = false;  // on a link that is gone

private:
    void on_stop(errc reason) noexcept override {
        give_up(reason);
        wake();
    }
    void give_up(errc reason) noexcept {
        maybe_executed = maybe_executed || link != nullptr;
        if (place::linked()) owner_->leave(*this);
        outcome_ = fail(reason);
        given_up_ = decided_ = true;
    }

    client* owner_;
    std::string text_;
    call_options options_;
    result<answer> outcome_ = fail(errc::internal);
    bool parked_ = false;
    bool decided_ = false;
    bool given_up_ = false;
};

inline result<answer> pending_call::await_resume() {
    if (!given_up_) return std::move(outcome_);
    const errc reason = outcome_.error().code();
    return fail(reason, maybe_executed ? "the call was given up; it may have been executed"
                                       : "the call was given up before it was sent");
}

class [[nodiscard]] pending_operand {
public:
    pending_operand(client& owner, std::string text, const call_options& options)
        : owner_{&owner}, text_{std::move(text)}, options_{options} {}
    pending_call await_with(const environment& env) && {
        return pending_call{*owner_, std::move(text_), options_, env};
    }

private:
    client* owner_;
    std::string text_;
    call_options options_;
};

}  // namespace weir::inline v0::frame
