#include "app/call/caller.hpp"

#include <stdexcept>
#include <utility>

#include "weir/io/resolver.hpp"
#include "weir/task/this_env.hpp"

#include "app/config/caller_token.hpp"

namespace weir::app {
namespace {

frame::client_options client_options_of(const caller_options& from) {
    frame::client_options options;
    for (const std::string& text : from.to) {
        auto host = net::host::parse(text);
        if (!host) throw std::invalid_argument{host.error().message()};
        options.hosts.push_back(std::move(*host));
    }
    auto token = read_caller_token(from.token_file, process_environment());
    if (!token) throw std::invalid_argument{token.error().message()};
    options.token = std::move(*token);
    options.max_in_flight = options.max_waiting = from.in_flight;
    return options;
}

task<> run(io::runtime& runtime, frame::client_options options, client_work work, int* outcome) {
    const weir::environment& env = co_await this_env();
    io::system_resolver resolver{runtime.blocking()};
    frame::client client{runtime.at(0), resolver, env, std::move(options)};
    auto working = work(runtime, client);
    *outcome = co_await std::move(working);
    co_await client.close();
}

}  // namespace

int with_client(const caller_options& options, const client_work& work) {
    frame::client_options of_client = client_options_of(options);
    io::runtime_options one_loop;
    one_loop.loops = 1;
    io::runtime runtime{one_loop};
    int outcome = 0;
    runtime.run(run(runtime, std::move(of_client), work, &outcome));
    return outcome;
}

}  // namespace weir::app
