#include "app/call/ingest_tally.hpp"

#include <fmt/format.h>

namespace weir::app {

std::string ingest_tally::progress(time_point now) const {
    return fmt::format("{} sent, {} acknowledged, {} refused, {:.0f} rows/s", sent_, acknowledged_,
                       refused_, rate(now));
}

std::string ingest_tally::summary(time_point now) const {
    std::string text = progress(now);
    if (uncertain_ > 0) text += fmt::format(", {} uncertain", uncertain_);
    text += '\n';
    for (const std::string& reason : reasons_) text += reason + '\n';
    const std::size_t left = refused_ + uncertain_ - reasons_.size();
    if (left > 0) text += fmt::format("and {} more\n", left);
    return text;
}

void ingest_tally::tell(std::size_t& count, std::size_t line, std::string_view why) {
    ++count;
    if (reasons_.size() < most_reasons) reasons_.push_back(fmt::format("line {}: {}", line, why));
}

double ingest_tally::rate(time_point now) const noexcept {
    const double seconds = std::chrono::duration<double>(now - began_).count();
    return seconds > 0 ? static_cast<double>(acknowledged_) / seconds : 0;
}

}  // namespace weir::app
