#include "weir/http/query.hpp"

namespace weir::inline v0::http {

std::optional<query_pair> query_pairs::next() noexcept {
    while (!rest_.empty()) {
        const std::size_t end = rest_.find('&');
        const std::string_view piece = rest_.substr(0, end);
        rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end + 1);
        if (piece.empty()) continue;
        const std::size_t equals = piece.find('=');
        if (equals == std::string_view::npos) return query_pair{piece, {}};
        return query_pair{piece.substr(0, equals), piece.substr(equals + 1)};
    }
    return std::nullopt;
}

}  // namespace weir::inline v0::http
