// What happens to a connection from its first byte to its last: a function, as
//
//     task<> echo(net::connection& connection)
//
// It is called on each loop, at the same time; when its task ends, the connection is closed
// gracefully. What it throws closes the connection, is counted and logged with its peer and its
// listener, and harms no other.
//
// What also has open(), as http::server does, is asked for a session instead of being called: a
// connection then takes no coroutine while it rests.
#pragma once

#include <concepts>
#include <functional>
#include <memory>
#include <type_traits>
#include <utility>

#include "weir/base/lambda_rule.hpp"
#include "weir/net/connection.hpp"
#include "weir/net/session.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0 {

template <class Function>
concept serves_connections = std::is_invocable_r_v<task<>, const Function&, net::connection&> &&
                             std::copy_constructible<Function>;

template <class Function>
concept opens_sessions = requires(const Function& function, net::connection& connection) {
    { function.open(connection) } -> std::same_as<std::unique_ptr<net::session>>;
};

class connection_handler {
public:
    // Not of its own kind comes first: whether that can be copied depends on this constructor.
    template <class Function>
        requires(!std::same_as<Function, connection_handler> && serves_connections<Function>)
    connection_handler(
        Function function)  // NOLINT(google-explicit-constructor): it is its function
    {
        if constexpr (opens_sessions<Function>) {
            open_ = [function](net::connection& connection) { return function.open(connection); };
        }
        call_ = std::move(function);
    }

    // Anything else, to say what is wrong with it.
    template <class Other>
    connection_handler(Other) {  // NOLINT(google-explicit-constructor)
        static_assert(serves_connections<Other>,
                      "a connection handler is a copyable task<>(net::connection&): it takes the "
                      "connection by reference and answers with a task");
    }

    task<> operator()(net::connection& connection) const { return call_(connection); }

    // Null where it is to be called. Throws what opening it throws.
    std::unique_ptr<net::session> open(net::connection& connection) const {
        return open_ ? open_(connection) : nullptr;
    }

private:
    std::function<task<>(net::connection&)> call_;
    std::function<std::unique_ptr<net::session>(net::connection&)> open_;
};

}  // namespace weir::inline v0
