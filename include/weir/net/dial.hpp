// The other way a connection begins: by calling somebody.
#pragma once

#include <memory>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/resolver.hpp"
#include "weir/io/transport.hpp"
#include "weir/net/dial_options.hpp"
#include "weir/net/host.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::net {

// `co_await dial(loop, resolver, hosts)`: a transport of this loop to the first address that
// answers. They race (RFC 8305): each gets a head start of options.attempt_delay before the next,
// which begins at once where one fails; the addresses of a name alternate between IPv6 and IPv4.
// The order of the hosts is the order of their turns: a host's name is looked up and its addresses
// join when each address of those before it has been started and has had its head start. So an
// earlier host is preferred for as long as it answers in time, and a later one costs nothing until
// then.
// Errors: names each attempt in the order in which they ended, and has the code of the last:
// refused, unreachable, timed_out, not_found, unavailable, ...; invalid_argument where there is no
// host, out_of_memory. Cancellation: canceled; nothing stays open, as nothing of the attempts that
// lost does. Lifetime: loop and resolver outlive the task.
WEIR_API task<result<std::unique_ptr<io::transport>>> dial(io::loop& loop, io::resolver& resolver,
                                                           std::vector<host> hosts,
                                                           dial_options options = {});

}  // namespace weir::inline v0::net
