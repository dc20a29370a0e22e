// A connection of a client, held by who writes a request on it and by who reads the response: one,
// or two who do both at the same time. It is given back behind the last of them.
#pragma once

#include <memory>

#include "weir/base/api.hpp"

namespace weir::inline v0::http {

class client_link;

struct WEIR_API client_link_giver {
    void operator()(client_link* link) const noexcept;
};

using client_hold = std::unique_ptr<client_link, client_link_giver>;

}  // namespace weir::inline v0::http
