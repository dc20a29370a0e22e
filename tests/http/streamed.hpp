// What tests of streamed bodies have in common.
#pragma once

#include <string>
#include <string_view>

#include "weir/http/body_writer.hpp"
#include "weir/metrics/registry.hpp"

#include "http/house.hpp"

namespace weir::inline v0::http {

// A head, and what a body in chunks is without them.
struct chunked_reply {
    std::string head;
    std::string body;
    std::string trailers;
    std::string rest;
    int chunks = 0;
};

// Fails the test where the text is not that.
chunked_reply chunked_reply_in(std::string_view text);

// Writes the same piece until that fails, and tells how.
task<result<>> writes_on(body_writer& out, std::string piece, std::size_t& written, errc& ended);

class stream_house_test : public house_test {
protected:
    // Asks, and answers with all that came; fails the test unless that ends with a reset.
    std::string whatever_comes(const server& server, std::string_view sent);
    std::string counted();

    metrics::registry registry_{1};
};

}  // namespace weir::inline v0::http
