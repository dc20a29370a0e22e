// What generated cases came to: they prove no more than they reach.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/http/violation.hpp"

#include "http/plain/reader.hpp"

namespace weir::inline v0::http {

class differential_counts {
public:
    void count(std::string_view input, const plain::reading& said, violation why);

    std::uint64_t cases() const { return cases_; }
    std::uint64_t bytes() const { return bytes_; }
    std::string summary() const;
    // What the cases fell short of, a line each: enough that was accepted, enough that was not
    // finished, and every violation that a request can commit. Empty where that is all there.
    std::string missing() const;

private:
    static constexpr std::size_t violations =
        static_cast<std::size_t>(violation::unrequested_response) + 1;

    std::uint64_t cases_ = 0;
    std::uint64_t bytes_ = 0;
    std::uint64_t requests_ = 0;    // that were complete
    std::uint64_t accepted_ = 0;    // cases in which nothing was refused
    std::uint64_t unfinished_ = 0;  // of those: that end inside a request
    std::array<std::uint64_t, violations> refused_{};
};

}  // namespace weir::inline v0::http
