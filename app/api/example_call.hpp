// A call of an endpoint as its callers would write it, for the index.
#pragma once

#include <string>
#include <string_view>

#include "app/config/endpoint.hpp"

namespace weir::app {

// Values are the parameters' examples, else their defaults, else something of the right type.
// Parameters that may be missing and have no example are left out.
struct example_call {
    explicit example_call(const endpoint& of);

    std::string target;  // "/vendors?name=raspberry"
    std::string body;    // {"mac":"00:1b:63:84:45:e6"}; empty where there is none
    std::string frame;   // {"id":1,"call":"vendors","params":{"name":"raspberry"}}
};

}  // namespace weir::app
