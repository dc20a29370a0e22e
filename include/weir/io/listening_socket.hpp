// A listening socket that no engine has yet: on its way from one process to another.
#pragma once

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/native_socket.hpp"

namespace weir::inline v0::io {

struct listening_socket {
    listening_socket() = default;

    native_socket socket;
    endpoint local;
    // Another process keeps it open, whoever serves it: a service manager.
    bool kept = false;
};

// Owns the descriptor from here on, which no program that is started later gets.
// Errors: invalid_argument where it is no stream socket that listens; closed where it is none.
WEIR_API result<listening_socket> take_listening_socket(int descriptor);

}  // namespace weir::inline v0::io
