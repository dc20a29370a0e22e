// The endpoints over HTTP: a route for each, and the index under "/".
//
// Made before the service runs; handlers run on every loop. What it is made from outlives it, and
// it outlives the router's last request.
#pragma once

#include <cstddef>

#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/http/router.hpp"

#include "app/api/index_page.hpp"
#include "app/api/loop_readers.hpp"
#include "app/api/token_check.hpp"
#include "app/config/config.hpp"
#include "app/data/data_service.hpp"

namespace weir::app {

class http_api {
public:
    // Lifetime: both outlive it.
    http_api(const data_service& data, const config& read, std::size_t loops);

    http::router routes();

private:
    task<result<http::response>> answer(http::request& request, const served_endpoint* which);
    result<http::response> index(http::request& request) const;
    result<http::response> respond(http::request& request, const served_endpoint& which,
                                   const db::rows& rows) const;
    result<> read_object(http::request& request, bytes_view body, arguments& into);

    const data_service* data_;
    token_check tokens_;
    integer_style integers_;
    index_page index_;
    loop_readers readers_;
};

}  // namespace weir::app
