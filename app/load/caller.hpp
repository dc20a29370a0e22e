// One connection of a load: connects, keeps requests in flight, connects again when it must.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "weir/base/clock.hpp"
#include "weir/base/intrusive_list.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/task.hpp"

#include "app/load/dialogue.hpp"
#include "app/load/load_options.hpp"
#include "app/load/tally.hpp"

namespace weir::app {

struct idle_tag;

class caller final : public list_hook<idle_tag> {
public:
    // A request in flight. Times are the engine's.
    struct sent {
        time_point due;   // what its latency counts from
        time_point left;  // what its timeout counts from
        bool in_flight = false;
    };

    // The run that it is a part of.
    class owner {
    public:
        virtual io::loop& loop() noexcept = 0;
        virtual const load_options& options() const noexcept = 0;
        virtual const net::connection_options& connections() const noexcept = 0;
        // Nothing more is to be sent.
        virtual bool ended() const noexcept = 0;
        // When the request that is to be sent now was due; nothing where none is.
        virtual std::optional<time_point> next_due(time_point now) noexcept = 0;
        // It has room in flight and nothing is due.
        virtual void idle(caller& who) noexcept = 0;
        virtual void answered(const sent& request, time_point now, const heard& answer) = 0;
        virtual void failed(failure why, std::uint64_t requests) noexcept = 0;

    protected:
        ~owner() = default;
    };

    // Lifetime: both outlive it.
    caller(owner& of, script& script);

    // Until it is stopped.
    task<> run();
    // Sends one more. For the owner, to one that was idle.
    void send_at_once(time_point due, time_point now);
    bool has_room() const noexcept;
    std::size_t in_flight() const noexcept { return in_flight_; }

private:
    task<bool> talk(net::connection& connection);
    task<std::optional<failure>> exchange(net::connection& connection);
    std::optional<failure> read_answers(net::connection& connection, time_point now);
    std::optional<failure> read_end(time_point now);
    void settle(const heard& answer, time_point now);
    void take_work(time_point now);
    void send(time_point due, time_point now);
    bool overdue(time_point now) noexcept;
    time_point first_timeout(time_point now) const noexcept;
    time_point now() noexcept { return owner_->loop().engine().now(); }

    owner* owner_;
    script* script_;
    std::unique_ptr<dialogue> dialogue_;
    net::connection* connection_ = nullptr;
    std::vector<sent> sent_;  // by place
    std::size_t in_flight_ = 0;
    bool answered_ = false;        // on this connection
    time_point check_at_ = never;  // no request times out before
};

}  // namespace weir::app
