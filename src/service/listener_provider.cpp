#include "listener_provider.hpp"

#include <algorithm>
#include <utility>

namespace weir::inline v0 {

void listener_provider::inherit(std::vector<io::listening_socket> sockets, origin from) {
    for (std::size_t place = 0; place < sockets.size(); ++place) {
        inherited_.push_back({std::move(sockets[place]), from, place});
    }
}

bool listener_provider::has(const io::endpoint& at) const noexcept {
    return std::any_of(inherited_.begin(), inherited_.end(),
                       [&](const inherited& each) { return each.socket.local == at; });
}

result<std::unique_ptr<io::listener>> listener_provider::open(io::engine& engine,
                                                              const io::endpoint& at,
                                                              const io::listen_options& options) {
    const auto found = std::find_if(inherited_.begin(), inherited_.end(),
                                    [&](const inherited& each) { return each.socket.local == at; });
    if (found == inherited_.end()) return engine.listen(at, options);
    auto opened = engine.listen(std::move(found->socket), options);
    if (opened && found->from == origin::predecessor) taken_over_.push_back(found->place);
    inherited_.erase(found);
    return opened;
}

result<> listener_provider::check(std::span<const io::endpoint> wanted) const {
    std::string unwanted;
    for (const inherited& each : inherited_) {
        const io::endpoint& at = each.socket.local;
        const bool served = std::find(wanted.begin(), wanted.end(), at) != wanted.end();
        if (each.socket.kept && !served) unwanted += ' ' + at.text();
    }
    if (unwanted.empty()) return {};
    return fail(errc::invalid_argument, "sockets were passed that nothing here serves:" + unwanted);
}

result<> listener_provider::close_unwanted() {
    auto outcome = check({});
    inherited_.clear();
    return outcome;
}

}  // namespace weir::inline v0
