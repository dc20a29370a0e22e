// Resolvers for tests: one that knows some names, one that never answers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "weir/io/resolver.hpp"
#include "weir/task/sleep.hpp"

namespace weir::inline v0::net {

class names final : public io::resolver {
public:
    void put(std::string name, std::vector<io::endpoint> addresses) {
        known_[std::move(name)] = std::move(addresses);
    }
    std::size_t lookups() const noexcept { return lookups_; }
    task<result<std::vector<io::endpoint>>> resolve(std::string name, std::uint16_t) override {
        ++lookups_;
        const auto found = known_.find(name);
        if (found == known_.end()) co_return fail(errc::not_found, "no such name");
        co_return found->second;
    }

private:
    std::map<std::string, std::vector<io::endpoint>> known_;
    std::size_t lookups_ = 0;
};

class silent_names final : public io::resolver {
public:
    task<result<std::vector<io::endpoint>>> resolve(std::string, std::uint16_t) override {
        const auto stopped = co_await sleep(std::chrono::hours{100});
        co_return fail(stopped ? errc::not_found : stopped.error().code());
    }
};

}  // namespace weir::inline v0::net
