#include "io/world.hpp"

#include <stdexcept>

#include "weir/io/make_engine.hpp"
#include "weir/io/memory_pair.hpp"
#include "weir/sim/engine.hpp"
#include "weir/sim/stepper.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/when_all.hpp"
#include "weir/task/with_timeout.hpp"

#include "task/driver.hpp"

namespace weir::inline v0::io {
namespace {

using namespace std::chrono_literals;

task<> ends_well(task<result<>> main, duration patience) {
    const auto outcome = co_await with_timeout(patience, std::move(main));
    EXPECT_TRUE(outcome.has_value()) << outcome.error().message();
}

sim::network_options network_options_of(const std::string& name) {
    sim::network_options options;
    if (name == "sim_seed_1") options.seed = 1;
    if (name == "sim_seed_2") options.seed = 2;
    if (name == "sim_far") {
        options.seed = 3;
        options.latency = 3ms;
        options.window = 1000;
    }
    return options;
}

class memory_world final : public world {
public:
    explicit memory_world(std::size_t slabs) : slabs_{slabs} {}

    void run(task<result<>> main) override { driver_.run(ends_well(std::move(main), patience())); }
    task<result<link>> make_link() override {
        auto [near, far] = make_memory_pair(driver_.loop(), slabs_);
        co_return link{std::move(near), std::move(far)};
    }
    slab_pool& slabs() override { return slabs_; }
    std::size_t flood() const override { return std::size_t{256} * 1024; }

private:
    slab_pool slabs_;
    driver driver_;
};

}  // namespace

engine_world::engine_world(const std::string& name, std::size_t slabs)
    : name_{name}, slab_count_{slabs} {
    if (name.starts_with("sim")) network_.emplace(network_options_of(name));
    loop_ = make_loop();
}

std::unique_ptr<loop> engine_world::make_loop() {
    loop_options options;
    options.slabs = slab_count_;
    return std::make_unique<io::loop>(
        [this](slab_pool& slabs) {
            if (network_) return sim::make_engine(*network_, slabs);
            return make_engine(name_ == "uring" ? engine_kind::uring : engine_kind::epoll, slabs);
        },
        options);
}

void engine_world::run(task<result<>> main) { loop_->run(ends_well(std::move(main), patience())); }

task<result<link>> engine_world::make_link() {
    auto place = co_await or_return(listen_here(engine()));
    auto [near, far] = co_await when_all(dial(engine(), place->local()), take(engine(), *place));
    if (!near) co_return fail(std::move(near).error());
    if (!far) co_return fail(std::move(far).error());
    co_return link{std::move(*near), std::move(*far)};
}

loop& engine_world::second_loop() {
    if (!second_) second_ = make_loop();
    return *second_;
}

void engine_world::step_both() {
    if (network_) {
        sim::stepper stepper{*network_, {loop_.get(), second_.get()}};
        stepper.step();
        return;
    }
    loop_->turn(loop_->now() + 1ms);
    second_->turn(second_->now() + 1ms);
}

std::vector<std::string> engine_names() {
    return {"uring", "epoll", "sim", "sim_seed_1", "sim_seed_2", "sim_far"};
}

std::vector<std::string> transport_names() {
    auto names = engine_names();
    names.emplace_back("memory");
    return names;
}

std::unique_ptr<world> make_world(const std::string& name, std::size_t slabs) {
    if (name == "memory") return std::make_unique<memory_world>(slabs);
    return std::make_unique<engine_world>(name, slabs);
}

task<result<std::unique_ptr<listener>>> listen_here(engine& engine) {
    co_return engine.listen(endpoint{}, listen_options{});
}

task<result<std::unique_ptr<transport>>> dial(engine& engine, endpoint at) {
    native_socket socket = co_await or_return(connect{engine, std::move(at)});
    co_return engine.adopt(std::move(socket));
}

task<result<std::unique_ptr<transport>>> take(engine& engine, listener& from) {
    native_socket socket = co_await or_return(accept{from});
    co_return engine.adopt(std::move(socket));
}

}  // namespace weir::inline v0::io
