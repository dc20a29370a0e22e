// What a service has from those who ran before it, or started it. Before there are other threads.
#include <utility>

#include "weir/service/service.hpp"

#include "activation.hpp"
#include "state.hpp"

namespace weir::inline v0 {

result<> service::inherit() {
    if (std::exchange(state_->has_looked_around, true)) return {};
    state_->watched_by = supervisor::of_this_process();
    auto passed = take_activation_sockets();
    if (!passed) return std::unexpected{std::move(passed).error()};
    state_->provider.inherit(std::move(*passed), listener_provider::origin::manager);
    return {};
}

result<> service::take_over() {
    auto found = takeover::ask(state_->options.takeover_path);
    if (!found) return std::unexpected{std::move(found).error()};
    state_->provider.inherit(found->take_sockets(), listener_provider::origin::predecessor);
    state_->watched_by.complete_by(found->watched_by());
    state_->predecessor.emplace(std::move(*found));
    return {};
}

result<> service::check_inherited(std::span<const io::endpoint> addresses) const {
    return state_->provider.check(addresses);
}

bool service::has_inherited(const io::endpoint& at) const noexcept {
    return state_->provider.has(at);
}

}  // namespace weir::inline v0
