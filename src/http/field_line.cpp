#include "field_line.hpp"

namespace weir::inline v0::http {
namespace {

bool inside_name(const char* first, const char* at) noexcept {
    return scan::skip_token(first, at) == at;
}

}  // namespace

violation judge_field_line(const char* first, const char* last, const char* at) noexcept {
    const bool line_feed_follows = last - at >= 2 && at[1] == '\n';
    if (*at == '\n') return violation::bare_line_feed;
    if (*at == '\r' && !line_feed_follows) return violation::bare_carriage_return;
    if (!inside_name(first, at)) return violation::malformed_field_value;
    if (!ascii::is_blank(*at)) return violation::malformed_field_name;
    return at == first ? violation::space_before_field : violation::space_before_colon;
}

}  // namespace weir::inline v0::http
