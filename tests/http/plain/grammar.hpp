// The words of HTTP's grammar, spelled out: RFC 9110 (tokens, values), RFC 3986 (hosts), RFC 5234
// (digits). Each function is one rule, under its name in the RFC.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace weir::inline v0::http::plain {

bool is_alpha(char c);        // RFC 5234 appendix B.1
bool is_digit(char c);        // the same
bool is_hexdig(char c);       // the same, in either case (section 2.3)
bool is_tchar(char c);        // RFC 9110 section 5.6.2
bool is_field_char(char c);   // field-vchar, SP and HTAB: section 5.5
bool is_target_char(char c);  // visible ASCII but the mark of a fragment
bool is_blank(char c);        // SP and HTAB, what OWS is made of: section 5.6.3

std::string lower_case(std::string_view text);
std::string_view without_blanks_around(std::string_view text);
// Elements of a list (section 5.6.1), the empty ones too. A comma in a quoted string counts like
// any other: no list that is read here has quoted strings in what is accepted.
std::vector<std::string> elements_of(std::string_view list);
bool is_token(std::string_view text);

// uri-host [ ":" port ] (RFC 9110 section 7.2), of which neither user information nor an empty
// host nor an IPvFuture is taken.
bool is_authority(std::string_view text);

}  // namespace weir::inline v0::http::plain
