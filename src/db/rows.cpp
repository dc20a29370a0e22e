#include "weir/db/rows.hpp"

#include <stdexcept>
#include <string>

#include "row_recycler.hpp"

namespace weir::inline v0::db {

value row::operator[](std::string_view name) const {
    for (std::size_t column = 0; column < data_->columns(); ++column) {
        if (data_->name(column) == name) return data_->cell_at(index_, column);
    }
    throw std::out_of_range{"there is no column '" + std::string{name} + "'"};
}

void row::refuse() { throw std::out_of_range{"there are fewer columns"}; }

void rows::give_back::operator()(row_data* data) const noexcept {
    to->put(std::unique_ptr<row_data>{data});
}

row rows::operator[](std::size_t index) const {
    if (index >= size()) throw std::out_of_range{"there are fewer rows"};
    return {*data_, index};
}

std::string_view rows::column_name(std::size_t column) const {
    if (column >= columns()) throw std::out_of_range{"there are fewer columns"};
    return data_->name(column);
}

}  // namespace weir::inline v0::db
