// An SQL statement as its author writes it, with `:name` for parameters, made ready for a driver.
//
// Parameters are found by a lexer, never by search and replace: what stands in quotes, comments or
// dollar quotes is not touched. Values are bound, never spliced; there is no way to put one into
// the text. Pure text: needs no driver and no connection. A value; any thread may use its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::db {

// The engines' lexical rules differ: [x] and `x` are quotes in SQLite only; nested comments,
// E'\'' and $tag$ only in PostgreSQL.
enum class dialect : std::uint8_t { sqlite, postgresql };

class WEIR_API statement_text {
public:
    // Where a parameter stands in text(): `size` bytes at `offset`, the colon included.
    struct occurrence {
        std::size_t offset;
        std::size_t size;
        std::size_t name;  // index into names()
    };

    // errc::invalid_argument, with the byte offset in its text, for: a quote or comment that is not
    // closed; a second statement; another way to write parameters (?, ?1, @x, $x, $1, :1), which
    // nobody would bind, ::x in SQLite among them; a NUL byte. A parameter's name is
    // [A-Za-z_][A-Za-z0-9_]*.
    //
    // In PostgreSQL's array slices write a space behind the colon: a[1 : n]; a[1:n] is a parameter.
    static result<statement_text> parse(std::string_view text, dialect rules);

    const std::string& text() const noexcept { return text_; }
    // Without colon, each once, in the order of first appearance: the driver's parameter i + 1 is
    // names()[i].
    const std::vector<std::string>& names() const noexcept { return names_; }
    const std::vector<occurrence>& occurrences() const noexcept { return occurrences_; }
    // What the driver is given: SQLite takes `:name` and numbers it as names() does; PostgreSQL
    // gets $1, $2, the same number for the same name.
    std::string for_driver() const;

private:
    statement_text(std::string_view text, dialect rules) : text_{text}, dialect_{rules} {}
    void note(std::size_t offset, std::size_t size);

    std::string text_;
    dialect dialect_;
    std::vector<std::string> names_;
    std::vector<occurrence> occurrences_;
};

}  // namespace weir::inline v0::db
