// A client for the length of one command: threads, loop and names around it.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "weir/frame/client.hpp"
#include "weir/io/runtime.hpp"

namespace weir::app {

struct caller_options {
    caller_options() = default;
    std::vector<std::string> to{"127.0.0.1:9000"};
    std::size_t in_flight = 256;
    std::string token_file;  // empty: the environment's token, where it has one
};

using client_work = std::function<task<int>(io::runtime&, frame::client&)>;

// Runs work with a client of these hosts, and answers with what it answers. Throws
// std::invalid_argument where a host is none, or the token.
int with_client(const caller_options& options, const client_work& work);

}  // namespace weir::app
