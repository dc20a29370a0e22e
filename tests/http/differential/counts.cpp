#include "http/differential/counts.hpp"

namespace weir::inline v0::http {
namespace {

std::string percent(std::uint64_t part, std::uint64_t whole) {
    return whole == 0 ? "-" : std::to_string(part * 100 / whole) + " %";
}

bool is_of_requests(violation which) {
    return which != violation::none && which != violation::malformed_status_line &&
           which != violation::unrequested_response;
}

}  // namespace

void differential_counts::count(std::string_view input, const plain::reading& said, violation why) {
    ++cases_;
    bytes_ += input.size();
    for (const plain::request& each : said.requests)
        if (each.complete) ++requests_;
    if (said.end != plain::ending::rejected) ++accepted_;
    if (said.end == plain::ending::inside_request) ++unfinished_;
    ++refused_[static_cast<std::size_t>(why)];
}

std::string differential_counts::summary() const {
    std::string made = std::to_string(cases_) + " cases, " + std::to_string(bytes_) + " bytes, " +
                       std::to_string(requests_) + " requests; accepted " +
                       percent(accepted_, cases_) + ", unfinished " + percent(unfinished_, cases_) +
                       "; refused:\n";
    for (std::size_t at = 0; at < violations; ++at)
        if (const auto which = static_cast<violation>(at); is_of_requests(which))
            made +=
                "  " + std::string{to_string(which)} + ' ' + std::to_string(refused_[at]) + '\n';
    return made;
}

std::string differential_counts::missing() const {
    std::string made;
    if (accepted_ < cases_ / 3) made += "fewer than a third were accepted\n";
    if (unfinished_ < cases_ / 100) made += "fewer than a hundredth were left unfinished\n";
    if (requests_ < cases_) made += "fewer complete requests than cases\n";
    for (std::size_t at = 0; at < violations; ++at)
        if (const auto which = static_cast<violation>(at);
            is_of_requests(which) && refused_[at] == 0)
            made += "never refused as " + std::string{to_string(which)} + '\n';
    return made;
}

}  // namespace weir::inline v0::http
