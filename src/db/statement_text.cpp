#include "weir/db/statement_text.hpp"

#include <algorithm>
#include <optional>

namespace weir::inline v0::db {

namespace {

bool is_digit(char c) noexcept { return c >= '0' && c <= '9'; }

// Bytes above 127 are letters to both engines.
bool begins_word(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' ||
           static_cast<unsigned char>(c) >= 0x80;
}

bool continues_word(char c) noexcept { return begins_word(c) || is_digit(c) || c == '$'; }

// A parameter's name is narrower than a word, so that it is the same in every protocol.
bool in_name(char c) noexcept {
    return static_cast<unsigned char>(c) < 0x80 && (begins_word(c) || is_digit(c));
}

bool begins_name(char c) noexcept { return in_name(c) && !is_digit(c); }

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

struct span {
    std::size_t offset;
    std::size_t size;
};

constexpr const char* other_parameter = "a parameter that is not written :name stands";

// Walks a statement once; answers with one parameter after the other.
class lexer {
public:
    lexer(std::string_view text, dialect rules) noexcept
        : text_{text}, postgresql_{rules == dialect::postgresql} {}

    // The next parameter, colon included; nothing at the end.
    result<std::optional<span>> next() {
        while (at_ < text_.size()) {
            start_ = at_;
            if (is_blank(ahead(0))) {
                ++at_;
            } else if (const char* problem = skip()) {
                return refuse(problem);
            } else if (found_) {
                found_ = false;
                return span{start_, at_ - start_};
            }
        }
        return std::optional<span>{};
    }

private:
    char ahead(std::size_t count) const noexcept {
        return at_ + count < text_.size() ? text_[at_ + count] : '\0';
    }
    bool sees(std::string_view what) const noexcept { return text_.substr(at_).starts_with(what); }

    std::unexpected<error> refuse(std::string_view what) const {
        std::string text{what};
        text += " at offset ";
        text += std::to_string(start_);
        return fail(errc::invalid_argument, std::move(text));
    }

    // Over one comment or token; answers with what is wrong with it, or null.
    const char* skip() noexcept {
        if (sees("--")) return skip_line_comment();
        if (sees("/*")) return skip_block_comment();
        if (ended_ && ahead(0) != ';') return "a second statement begins";
        const char c = ahead(0);
        if (begins_word(c)) return skip_word();
        if (is_digit(c)) return skip_number();
        if (c == '\'' || c == '"') return skip_quoted(c);
        if (c == ':') return begins_name(ahead(1)) ? take_parameter() : skip_colon();
        if (c == '$' && postgresql_) return skip_dollar();
        if (c == ';') ended_ = true;
        if (!postgresql_) return skip_of_sqlite(c);
        ++at_;
        return nullptr;
    }

    const char* skip_of_sqlite(char c) noexcept {
        if (c == '`') return skip_quoted('`');
        if (c == '[') return skip_quoted(']');
        if (c == '?' || c == '@' || c == '$' || c == '#') return other_parameter;
        ++at_;
        return nullptr;
    }

    // SQLite reads on where a name is followed by a letter above 127, a $, :: or a parenthesis.
    const char* take_parameter() noexcept {
        ++at_;
        while (in_name(ahead(0))) ++at_;
        if (continues_word(ahead(0))) return other_parameter;
        if (!postgresql_ && (sees("::") || sees("("))) return other_parameter;
        found_ = true;
        return nullptr;
    }

    const char* skip_line_comment() noexcept {
        at_ = std::min(text_.find_first_of(postgresql_ ? "\n\r" : "\n", at_), text_.size());
        return nullptr;
    }

    const char* skip_block_comment() noexcept {
        at_ += 2;
        for (std::size_t depth = 1; at_ < text_.size();) {
            if (sees("*/")) {
                at_ += 2;
                if (--depth == 0) return nullptr;
            } else if (postgresql_ && sees("/*")) {
                at_ += 2;
                ++depth;
            } else {
                ++at_;
            }
        }
        return "a comment is not closed";
    }

    const char* skip_word() noexcept {
        if (postgresql_ && (sees("e'") || sees("E'"))) {
            ++at_;
            return skip_escaped();
        }
        while (continues_word(ahead(0))) ++at_;
        return nullptr;
    }

    // In one piece, so that the e of 1e5 does not pass for a word.
    const char* skip_number() noexcept {
        while (is_digit(ahead(0)) || begins_word(ahead(0)) || ahead(0) == '.') ++at_;
        return nullptr;
    }

    // A doubled quote reads as two texts side by side, which comes to the same.
    const char* skip_quoted(char end) noexcept {
        const std::size_t close = text_.find(end, at_ + 1);
        if (close == std::string_view::npos) return "a quote is not closed";
        at_ = close + 1;
        return nullptr;
    }

    // '...' in which a backslash takes away the next character's meaning.
    const char* skip_escaped() noexcept {
        for (++at_; at_ < text_.size(); ++at_) {
            if (ahead(0) == '\\' || sees("''")) {
                ++at_;
            } else if (ahead(0) == '\'') {
                ++at_;
                return nullptr;
            }
        }
        return "a quote is not closed";
    }

    // $tag$ ... $tag$; the tag may be empty.
    const char* skip_dollar() noexcept {
        std::size_t end = at_ + 1;
        while (end < text_.size() && (begins_word(text_[end]) || is_digit(text_[end]))) ++end;
        if (end == text_.size() || text_[end] != '$' || is_digit(ahead(1))) return other_parameter;
        const std::string_view tag = text_.substr(at_, end + 1 - at_);
        const std::size_t close = text_.find(tag, end + 1);
        if (close == std::string_view::npos) return "a dollar quote is not closed";
        at_ = close + tag.size();
        return nullptr;
    }

    // A cast (::), an assignment (:=) or the colon of a slice; SQLite has none of them and reads
    // ::x as a parameter.
    const char* skip_colon() noexcept {
        if (!postgresql_) return other_parameter;
        at_ += ahead(1) == ':' ? 2 : 1;
        return nullptr;
    }

    std::string_view text_;
    bool postgresql_;
    std::size_t at_ = 0;
    std::size_t start_ = 0;  // of the token at hand
    bool found_ = false;     // the token is a parameter
    bool ended_ = false;     // a semicolon was passed
};

}  // namespace

result<statement_text> statement_text::parse(std::string_view text, dialect rules) {
    // Both drivers take a text to end at its first NUL, whatever stands around it.
    if (text.find('\0') != std::string_view::npos)
        return fail(errc::invalid_argument, "a NUL byte stands in the statement");
    statement_text statement{text, rules};
    lexer tokens{text, rules};
    while (true) {
        auto found = tokens.next();
        if (!found) return std::unexpected{std::move(found.error())};
        if (!*found) return statement;
        statement.note((*found)->offset, (*found)->size);
    }
}

void statement_text::note(std::size_t offset, std::size_t size) {
    const std::string_view name = std::string_view{text_}.substr(offset + 1, size - 1);
    const auto known = std::find(names_.begin(), names_.end(), name);
    const auto index = static_cast<std::size_t>(known - names_.begin());
    if (known == names_.end()) names_.emplace_back(name);
    occurrences_.push_back({offset, size, index});
}

std::string statement_text::for_driver() const {
    if (dialect_ == dialect::sqlite) return text_;
    std::string rewritten;
    std::size_t copied = 0;
    for (const occurrence& each : occurrences_) {
        rewritten.append(text_, copied, each.offset - copied);
        // limit:n would become the word limit$1.
        if (!rewritten.empty() && continues_word(rewritten.back())) rewritten += ' ';
        rewritten += '$';
        rewritten += std::to_string(each.name + 1);
        copied = each.offset + each.size;
    }
    return rewritten.append(text_, copied);
}

}  // namespace weir::inline v0::db
