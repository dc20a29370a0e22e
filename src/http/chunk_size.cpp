#include "chunk_size.hpp"

#include "ascii.hpp"
#include "scan.hpp"

namespace weir::inline v0::http {
namespace {

// Reads extensions from the front of a text. Spaces are allowed around "=" and before ";" where
// another extension follows, as the grammar has them, and nowhere else.
class extension_reader {
public:
    explicit extension_reader(std::string_view text) noexcept
        : at_{text.data()}, last_{text.data() + text.size()} {}

    // True where all of the text is extensions; else at() points at the byte that is not.
    bool read_all() noexcept {
        while (at_ != last_) {
            skip_blanks();
            if (!take(';')) return false;
            skip_blanks();
            if (!take_token() || !take_value()) return false;
        }
        return true;
    }

    const char* at() const noexcept { return at_; }

private:
    bool take_value() noexcept {
        const char* const before = at_;
        skip_blanks();
        if (!take('=')) {
            at_ = before;
            return true;
        }
        skip_blanks();
        return take('"') ? take_quoted_rest() : take_token();
    }

    bool take_quoted_rest() noexcept {
        while (at_ != last_ && scan::is(*at_, scan::value)) {
            if (take('"')) return true;
            if (*at_ == '\\') ++at_;
            if (at_ != last_ && scan::is(*at_, scan::value)) ++at_;
        }
        return false;
    }

    bool take_token() noexcept {
        const char* const before = at_;
        at_ = scan::skip_token(at_, last_);
        return at_ != before;
    }

    bool take(char wanted) noexcept {
        if (at_ == last_ || *at_ != wanted) return false;
        ++at_;
        return true;
    }

    void skip_blanks() noexcept {
        while (at_ != last_ && ascii::is_blank(*at_)) ++at_;
    }

    const char* at_;
    const char* last_;
};

chunk_size refused(violation why, std::size_t at) noexcept {
    chunk_size line;
    line.why = why;
    line.at = at;
    return line;
}

// What is wrong at a byte that neither goes on with the line nor ends it.
violation judge(std::string_view rest, violation otherwise) noexcept {
    if (rest[0] == '\n') return violation::bare_line_feed;
    if (rest[0] == '\r' && rest.substr(0, 2) != "\r\n") return violation::bare_carriage_return;
    return otherwise;
}

chunk_size read_extensions(chunk_size line, std::string_view text, std::size_t start) noexcept {
    extension_reader reader{text.substr(start, line.extension_bytes)};
    if (reader.read_all()) return line;
    const auto at = static_cast<std::size_t>(reader.at() - text.data());
    return refused(judge(text.substr(at), violation::malformed_chunk_extension), at);
}

}  // namespace

chunk_size parse_chunk_size(std::string_view text, std::size_t max_extension_bytes) noexcept {
    chunk_size line;
    std::size_t digits = 0;
    // They end within the text: with its line end, or as one too many where that has not come.
    for (; ascii::hex_value(text[digits]) >= 0; ++digits) {
        if (digits == longest_chunk_size) return refused(violation::malformed_chunk_size, digits);
        line.size = line.size * 16 + static_cast<std::uint64_t>(ascii::hex_value(text[digits]));
    }
    const std::string_view rest = text.substr(digits);
    if (digits > 0 && rest == "\r\n") return line;
    if (digits == 0 || rest[0] != ';')
        return refused(judge(rest, violation::malformed_chunk_size), digits);
    const bool ended = rest.ends_with('\n');
    line.extension_bytes = rest.size() - (rest.ends_with("\r\n") ? 2 : ended ? 1 : 0);
    if (!ended || line.extension_bytes > max_extension_bytes)
        return refused(violation::chunk_extensions_too_long, digits + max_extension_bytes);
    if (!rest.ends_with("\r\n")) return refused(violation::bare_line_feed, text.size() - 1);
    return read_extensions(line, text, digits);
}

}  // namespace weir::inline v0::http
