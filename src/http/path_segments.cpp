#include "weir/http/path_segments.hpp"

namespace weir::inline v0::http {

std::optional<std::string_view> path_segments::next() noexcept {
    if (!rest_.starts_with('/')) return std::nullopt;
    rest_.remove_prefix(1);
    const std::string_view segment = rest_.substr(0, rest_.find('/'));
    rest_.remove_prefix(segment.size());
    return segment;
}

}  // namespace weir::inline v0::http
