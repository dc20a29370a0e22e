// Those who read the lines as they come, a frame each: NUMBER REQUEST TEXT.
//
// A follower is woken and reads from the journal, as fast as it can send. So one that does not read
// costs its connection's output limit and no more, holds up nobody, and is gone at the write
// timeout. What it sends itself means that it is still there; a silent one ends at the idle
// timeout.
#pragma once

#include "weir/base/intrusive_list.hpp"
#include "weir/flow/channel.hpp"
#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"

class journal;

class followers {
public:
    explicit followers(weir::metrics::registry& registry);

    // Serves one, until it leaves or the service drains.
    weir::task<> follow(weir::net::connection& connection, journal* from);
    // There is a new line. Never waits.
    void wake() noexcept;

private:
    struct news {};
    struct follower : weir::list_hook<> {
        // Room for one: whoever has not read the last news needs no other.
        weir::flow::channel<news> inbox{1};
    };

    weir::task<weir::result<>> send_lines(weir::frame::framed& to, weir::flow::channel<news>& inbox,
                                          journal* from);

    weir::intrusive_list<follower> all_;
    weir::metrics::gauge now_;
    weir::metrics::counter sent_;
    weir::metrics::counter lost_;
};
