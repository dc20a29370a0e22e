// Requests on one connection: the machine, fed whole and in pieces, agrees with the plain reader.
#include "weir/http/limits.hpp"
#include "weir/http/request_head.hpp"

#include "fuzz/cut.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"
#include "http/differential/machine_reading.hpp"
#include "http/plain/reader.hpp"

namespace weir::fuzz {
namespace {

void read_requests(const http::limits& bounds, bytes_view input) {
    http::request_head head;
    const auto whole = http::read_by_machine(as_text(input), {}, bounds, head);
    const auto cut = http::read_by_machine(as_text(input), cuts_of(input), bounds, head);
    hold(whole == cut, "a connection means the same wherever it is cut");
    hold(whole.said == http::plain::read(as_text(input), http::as_plain(bounds)),
         "the plain reader agrees");
}

// Small enough for a fuzzer to reach them.
http::limits tight_limits() {
    http::limits made;
    made.max_target_bytes = 16;
    made.max_fields = 4;
    made.max_field_bytes = 90;
    made.max_body_bytes = 20;
    made.max_chunk_extension_bytes = 8;
    made.max_trailer_bytes = 20;
    return made;
}

}  // namespace

void request_machine(bytes_view input, std::size_t variant) {
    read_requests(variant == 0 ? http::limits{} : tight_limits(), input);
}

}  // namespace weir::fuzz
