#include "sqlite_run.hpp"

#include <new>

namespace weir::inline v0::db {
namespace {

bool fits(const sqlite_question& question, std::size_t more) noexcept {
    const std::size_t size = question.answer->size();
    return size <= question.limits->max_bytes && more <= question.limits->max_bytes - size;
}

// False where the cell would go over the limit. SQLite keeps what it points to until the next step.
bool add_cell(sqlite3_stmt* statement, int column, const sqlite_question& question) {
    row_data& answer = *question.answer;
    const int type = sqlite3_column_type(statement, column);
    const bool text = type == SQLITE_TEXT;
    if (text || type == SQLITE_BLOB) {
        const void* data =
            text ? sqlite3_column_text(statement, column) : sqlite3_column_blob(statement, column);
        const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement, column));
        if (data == nullptr && (text || size > 0)) throw std::bad_alloc{};
        if (!fits(question, size)) return false;
        const bytes_view content{static_cast<const std::byte*>(data), size};
        if (text) {
            answer.add_text(as_text(content));
        } else {
            answer.add_blob(content);
        }
    } else if (type == SQLITE_INTEGER) {
        answer.add_integer(sqlite3_column_int64(statement, column));
    } else if (type == SQLITE_FLOAT) {
        answer.add_real(sqlite3_column_double(statement, column));
    } else {
        answer.add_null();
    }
    return fits(question, 0);
}

bool add_cells(sqlite3_stmt* statement, const sqlite_question& question) {
    const int columns = static_cast<int>(question.answer->columns());
    for (int column = 0; column < columns; ++column) {
        if (!add_cell(statement, column, question)) return false;
    }
    return true;
}

// False where there is no place for it.
bool add_row(sqlite3_stmt* statement, const sqlite_question& question) {
    row_data& answer = *question.answer;
    if (answer.rows() == question.limits->max_rows) return false;
    const std::size_t before = answer.text_bytes();
    try {
        if (add_cells(statement, question)) {
            answer.end_of_row();
            return true;
        }
    } catch (const std::bad_alloc&) {
        // What a write returns may be left out; it takes effect all the same, and must say so.
        if (sqlite3_stmt_readonly(statement) != 0) throw;
    }
    answer.drop_row(before);
    return false;
}

// After the first step, which prepares anew where the schema has changed.
void add_names(sqlite3_stmt* statement, row_data& answer) {
    const int columns = sqlite3_column_count(statement);
    for (int column = 0; column < columns; ++column)
        answer.add_text(sqlite3_column_name(statement, column));
    answer.end_of_names();
}

}  // namespace

int run_statement(sqlite3_stmt* statement, const sqlite_question& question) {
    row_data& answer = *question.answer;
    const std::int64_t changes_before = sqlite3_total_changes64(question.handle);
    int code = sqlite3_step(statement);
    add_names(statement, answer);
    while (code == SQLITE_ROW) {
        if (!answer.truncated() && !add_row(statement, question)) answer.set_truncated();
        // A write is stepped to its end, which is where it commits.
        if (answer.truncated() && sqlite3_stmt_readonly(statement) != 0) code = SQLITE_DONE;
        if (code == SQLITE_ROW) code = sqlite3_step(statement);
    }
    const bool wrote = sqlite3_total_changes64(question.handle) != changes_before;
    if (wrote) {
        answer.set_effect(sqlite3_changes64(question.handle),
                          sqlite3_last_insert_rowid(question.handle));
    }
    return code;
}

}  // namespace weir::inline v0::db
