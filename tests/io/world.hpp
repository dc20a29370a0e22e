// What the conformance tests run in: an engine with its loop, or a pair in memory with a scheduler.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "weir/io/loop.hpp"
#include "weir/sim/network.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::io {

struct link {
    link(std::unique_ptr<transport> left, std::unique_ptr<transport> right) noexcept
        : near{std::move(left)}, far{std::move(right)} {}

    std::unique_ptr<transport> near;
    std::unique_ptr<transport> far;
};

class world {
public:
    virtual ~world() = default;
    // Runs main to its end, which must be a good one; after its patience every wait times out.
    virtual void run(task<result<>> main) = 0;
    // Ten seconds, unless this says otherwise: for a test that does much else than wait.
    void set_patience(duration patience) { patience_ = patience; }
    virtual task<result<link>> make_link() = 0;
    virtual slab_pool& slabs() = 0;
    // More bytes than fit between two ends.
    virtual std::size_t flood() const = 0;

protected:
    duration patience() const { return patience_; }

private:
    duration patience_ = std::chrono::seconds{10};
};

class engine_world final : public world {
public:
    // A name of engine_names(). Throws std::system_error where the kernel forbids that engine.
    engine_world(const std::string& name, std::size_t slabs);

    void run(task<result<>> main) override;
    task<result<link>> make_link() override;
    slab_pool& slabs() override { return loop_->slabs(); }
    // A kernel grows its buffers to some MiB.
    std::size_t flood() const override { return std::size_t{simulated() ? 256U : 49'152U} * 1024; }

    io::loop& loop() { return *loop_; }
    io::engine& engine() { return loop_->engine(); }
    bool simulated() const { return network_.has_value(); }
    // Another loop in the same world, and a turn of both.
    io::loop& second_loop();
    void step_both();

private:
    std::unique_ptr<io::loop> make_loop();

    std::string name_;
    std::size_t slab_count_;
    std::optional<sim::network> network_;
    std::unique_ptr<io::loop> loop_;
    std::unique_ptr<io::loop> second_;
};

std::vector<std::string> engine_names();
// The engines, and "memory".
std::vector<std::string> transport_names();
std::unique_ptr<world> make_world(const std::string& name, std::size_t slabs);

task<result<std::unique_ptr<listener>>> listen_here(engine& engine);
// Connects to at and adopts.
task<result<std::unique_ptr<transport>>> dial(engine& engine, endpoint at);
task<result<std::unique_ptr<transport>>> take(engine& engine, listener& from);

// A test that is skipped, with the reason, where the kernel forbids its engine.
template <class World>
class world_test : public testing::TestWithParam<std::string> {
protected:
    static constexpr std::size_t slab_count = 256;

    void SetUp() override {
        try {
            make(slab_count);
        } catch (const std::system_error& refused) {
            GTEST_SKIP() << refused.what();
        }
    }
    void make(std::size_t slabs) {
        world_.reset();
        if constexpr (std::is_same_v<World, engine_world>) {
            world_ = std::make_unique<engine_world>(GetParam(), slabs);
        } else {
            world_ = make_world(GetParam(), slabs);
        }
    }
    void run(task<result<>> main) { world_->run(std::move(main)); }

    std::unique_ptr<World> world_;
};

inline std::string name_of(const testing::TestParamInfo<std::string>& info) { return info.param; }

}  // namespace weir::inline v0::io
