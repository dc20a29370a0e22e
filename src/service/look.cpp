#include "look.hpp"

#include <chrono>
#include <memory>
#include <utility>

#include "weir/flow/oneshot.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "worker.hpp"

namespace weir::inline v0 {
namespace {

constexpr duration patience = std::chrono::seconds{1};

using answer = flow::oneshot<result<loop_report>>;

// Put to a loop, which answers in its next turn.
class question final : public runnable {
public:
    question(worker& to, look_wanted wanted, answer::sender reply) noexcept
        : to_{&to}, wanted_{wanted}, reply_{std::move(reply)} {}
    void run() noexcept override {
        const std::unique_ptr<question> self{this};
        (void)std::move(reply_).send(look());
    }

private:
    result<loop_report> look() noexcept {
        try {
            return to_->look(wanted_);
        } catch (const std::bad_alloc&) {
            return fail(errc::out_of_memory);
        }
    }

    worker* to_;
    look_wanted wanted_;
    answer::sender reply_;
};

answer::receiver ask(worker& to, look_wanted wanted) {
    auto [sender, receiver] = answer::make();
    auto asked = std::make_unique<question>(to, wanted, std::move(sender));
    to.loop().scheduler().post(*asked.release());
    return std::move(receiver);
}

}  // namespace

task<std::vector<std::optional<loop_report>>> look_at_loops(const service_state& service,
                                                            look_wanted wanted, time_point now) {
    const environment& env = co_await this_env{};
    std::vector<std::optional<answer::receiver>> asked;
    for (worker* each : service.workers) {
        asked.emplace_back();
        if (!service.stalls(each->loop().index(), now)) asked.back() = ask(*each, wanted);
    }
    const time_point until = after(env.now(), patience);
    std::vector<std::optional<loop_report>> reports;
    for (auto& each : asked) {
        reports.emplace_back();
        if (!each) continue;
        auto receiving = each->receive();
        auto found = co_await with_deadline(until, std::move(receiving));
        if (found && *found) reports.back() = std::move(**found);
    }
    co_return reports;
}

}  // namespace weir::inline v0
