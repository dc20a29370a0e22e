// What there is to ask for: the page under "/", for people and for programs. Built once.
#pragma once

#include <span>
#include <string>

#include "app/config/config.hpp"
#include "app/data/served_endpoint.hpp"

namespace weir::app {

struct index_page {
    index_page(const config& read, std::span<const served_endpoint> endpoints);

    std::string html;
    std::string json;
};

}  // namespace weir::app
