// Makes things for pools under test, on order: slowly, with an error, or by throwing.
#pragma once

#include <atomic>
#include <memory>
#include <stdexcept>
#include <vector>

#include "weir/base/mutex.hpp"
#include "weir/pool/manager.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"

namespace weir::inline v0::pool {

// What a test tells the manager, and what it then sees; outlives the pool.
struct workshop {
    duration creation_time = duration::zero();
    errc creation_error{};
    bool throws = false;
    bool check_fails = false;
    bool recycle_fails = false;
    std::vector<errc> ends;  // why each thing was destroyed

    std::atomic<int> made = 0;
    std::atomic<int> alive = 0;
    std::atomic<int> most_alive = 0;
};

class thing {
public:
    explicit thing(workshop& shop) : id{++shop.made}, shop_{&shop} {
        const int now = ++shop.alive;
        for (int most = shop.most_alive; most < now;)
            if (shop.most_alive.compare_exchange_weak(most, now)) break;
    }
    thing(const thing&) = delete;
    thing& operator=(const thing&) = delete;
    ~thing() { --shop_->alive; }

    const int id;
    std::atomic<int> users = 0;

private:
    workshop* shop_;
};

class thing_manager final : public manager<thing> {
public:
    explicit thing_manager(workshop& shop) : shop_{&shop} {}

    task<result<std::unique_ptr<thing>>> create() override {
        if (shop_->throws) throw std::runtime_error{"out of order"};
        if (shop_->creation_time > duration::zero())
            co_await or_return(sleep(shop_->creation_time));
        if (shop_->creation_error != errc{}) co_return fail(shop_->creation_error);
        co_return std::make_unique<thing>(*shop_);
    }
    result<> check(thing&) noexcept override {
        if (shop_->check_fails) return fail(errc::reset);
        return {};
    }
    result<> recycle(thing&) noexcept override {
        if (shop_->recycle_fails) return fail(errc::conflict);
        return {};
    }
    void destroy(std::unique_ptr<thing>, const error& why) noexcept override {
        const lock_guard lock{mutex_};
        shop_->ends.push_back(why.code());
    }

private:
    workshop* shop_;
    mutex mutex_;
};

}  // namespace weir::inline v0::pool
