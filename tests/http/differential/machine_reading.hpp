// What the request machine makes of an input, written down in the plain reader's words.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "weir/http/limits.hpp"
#include "weir/http/request_head.hpp"
#include "weir/http/violation.hpp"

#include "http/plain/reader.hpp"

namespace weir::inline v0::http {

struct machine_reading {
    plain::reading said;
    violation why = violation::none;
    std::uint64_t offset = 0;

    bool operator==(const machine_reading&) const = default;
};

plain::limits as_plain(const limits& bounds);

// The input arrives in pieces: each of `cuts`, in rising order, is where one ends. Where the
// machine is idle behind one, another goes on in its place, as in a server. The head is as the last
// message left it, as in a server too. Throws a std::logic_error where the machine breaks a promise
// of its header by what it answers.
machine_reading read_by_machine(std::string_view input, const std::vector<std::size_t>& cuts,
                                const limits& bounds, request_head& head);

}  // namespace weir::inline v0::http
