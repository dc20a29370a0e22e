// The other way a connection begins: by calling somebody.
#pragma once

#include <memory>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/loop.hpp"
#include "weir/io/resolver.hpp"
#include "weir/io/transport.hpp"
#include "weir/net/dial_options.hpp"
#include "weir/net/host.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::net {

// `co_await dial(loop, resolver, hosts)`: a transport of this loop to the first host that answers;
// hosts are tried in order, and so is each address of a name, one after the other. The error names
// each attempt and has the code of the last: refused, unreachable, timed_out, not_found,
// unavailable, ...; invalid_argument where there is no host. Cancellation: canceled; nothing stays
// open. Lifetime: loop and resolver outlive the task.
WEIR_API task<result<std::unique_ptr<io::transport>>> dial(io::loop& loop, io::resolver& resolver,
                                                           std::vector<host> hosts,
                                                           dial_options options = {});

}  // namespace weir::inline v0::net
