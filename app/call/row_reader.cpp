#include "app/call/row_reader.hpp"

namespace weir::app {

std::string_view format_of(std::string_view first_line) noexcept {
    const auto begin = first_line.find_first_not_of(" \t");
    if (begin != std::string_view::npos && first_line[begin] == '{') return "json";
    return first_line.find(" dev ") == std::string_view::npos ? "csv" : "neigh";
}

std::unique_ptr<row_reader> make_row_reader(std::string_view format) {
    if (format == "json") return make_json_reader();
    if (format == "csv") return make_csv_reader();
    if (format == "neigh") return make_neigh_reader();
    return nullptr;
}

}  // namespace weir::app
