// Lines to rows, in the forms in which rows come.
#pragma once

#include <memory>
#include <optional>
#include <string_view>

#include "weir/base/result.hpp"

#include "app/call/row.hpp"

namespace weir::app {

class row_reader {
public:
    row_reader(const row_reader&) = delete;
    row_reader& operator=(const row_reader&) = delete;
    virtual ~row_reader() = default;

    // A row, where the line ends one; nothing for a header, an empty line, the first lines of a
    // row that goes on, and what has nothing to send. Errors: malformed, of this line alone.
    virtual result<std::optional<row>> take(std::string_view line) = 0;
    // The input has ended. Errors: malformed, where it ended inside a row.
    virtual result<> finish() { return {}; }

protected:
    row_reader() noexcept = default;
};

// JSON objects, one a line (https://jsonlines.org); members that are objects or arrays are errors.
std::unique_ptr<row_reader> make_json_reader();
// RFC 4180, with a header; quoted fields may go over several lines.
std::unique_ptr<row_reader> make_csv_reader();
// What `ip neigh` prints: columns address, dev, lladdr, state. A neighbour without a link-layer
// address is no row.
std::unique_ptr<row_reader> make_neigh_reader();

// The form that a first line shows: "json", "csv" or "neigh".
std::string_view format_of(std::string_view first_line) noexcept;
// Null where there is no such form.
std::unique_ptr<row_reader> make_row_reader(std::string_view format);

}  // namespace weir::app
