// Stop requests, as a tree on one loop.
//
// A scope, a timeout or a service is a node; a wait registers with its nearest node only. A request
// reaches every wait below its node, once; it is level-triggered: whoever asks afterwards learns it
// at once. A node keeps why it was stopped, so that a deadline and a stop are never confused.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/clock.hpp"
#include "weir/base/error.hpp"
#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0 {

struct stop_tag;

// A wait that can be ended early. on_stop() is called at most once, unlinked, and must not resume a
// coroutine: it undoes the wait and schedules the resumption.
class stop_hook : public list_hook<stop_tag> {
protected:
    ~stop_hook() = default;

private:
    friend class stop_node;
    virtual void on_stop(errc reason) noexcept = 0;
};

class WEIR_API stop_node final : private stop_hook {
public:
    using loop_bound = void;

    stop_node() noexcept = default;
    // Below parent, which must outlive it; stopped from the start where parent is.
    explicit stop_node(stop_node& parent, time_point deadline = never) noexcept
        : deadline_{deadline < parent.deadline_ ? deadline : parent.deadline_} {
        if (parent.requested()) {
            reason_ = parent.reason_;
        } else {
            parent.hooks_.push_back(*this);
        }
    }

    // Below no other: nothing but its owner stops it.
    explicit stop_node(time_point deadline) noexcept : deadline_{deadline} {}

    bool requested() const noexcept { return reason_ != errc{}; }
    // errc::canceled or errc::timed_out; only where requested().
    errc reason() const noexcept { return reason_; }
    // The earliest deadline of this node and those above it.
    time_point deadline() const noexcept { return deadline_; }

    // The first reason stays.
    void request(errc reason = errc::canceled) noexcept;
    // Only where not requested().
    void add(stop_hook& hook) noexcept { hooks_.push_back(hook); }

private:
    void on_stop(errc reason) noexcept override { request(reason); }

    errc reason_{};
    time_point deadline_ = never;
    intrusive_list<stop_hook, stop_tag> hooks_;
};

}  // namespace weir::inline v0
