// Addresses that lead nowhere, in two ways.
#pragma once

#include <memory>

#include "weir/io/listener.hpp"
#include "weir/task/or_return.hpp"

#include "io/world.hpp"

namespace weir::inline v0::net {

// Where nobody listens any more: refused at once.
inline task<result<io::endpoint>> nowhere(io::engine& engine) {
    const auto closed = co_await or_return(io::listen_here(engine));
    co_return closed->local();
}

// A black hole: no answer while the listener lives.
inline task<result<std::unique_ptr<io::listener>>> listen_in_vain(io::engine& engine) {
    auto place = co_await or_return(io::listen_here(engine));
    place->refuse_new();
    co_return place;
}

}  // namespace weir::inline v0::net
