// Rows as JSON.

#include "app/data/result_writer.hpp"

#include <gtest/gtest.h>

#include "db/house.hpp"

namespace weir::app {
namespace {

class the_result : public db::house {
protected:
    std::string written(const std::string& sql, result_shape shape,
                        integer_style integers = integer_style::number, std::size_t most = 1000) {
        const auto rows = read(sql, {}, db::query_options{most});
        if (!rows) return rows.error().message();
        endpoint of;
        of.result = shape;
        io::block_pool blocks;
        io::block_writer body{blocks};
        json::writer json{body};
        json.begin_object();
        result_writer{json, integers}.members(of, *rows);
        json.end_object();
        std::string text;
        for (auto parts = body.all_parts(); const auto part = parts.next();) text += as_text(*part);
        return text;
    }
    std::string rows(const std::string& sql) { return written(sql, result_shape::rows); }
};

TEST_F(the_result, is_a_member_for_each_column) {
    EXPECT_EQ(rows("select 1 as a, 'x' as b union all select 2, 'y'"),
              R"({"rows":[{"a":1,"b":"x"},{"a":2,"b":"y"}]})");
    EXPECT_EQ(rows("select 1 as a where 0"), R"({"rows":[]})");
}

TEST_F(the_result, has_words_for_every_type) {
    EXPECT_EQ(rows("select null as a, 1.5 as b, x'000102' as c, 'q\"\\' as d"),
              R"({"rows":[{"a":null,"b":1.5,"c":"AAEC","d":"q\"\\"}]})");
    EXPECT_EQ(rows("select 9e999 as a"), R"({"rows":[{"a":null}]})");
}

TEST_F(the_result, says_that_rows_were_left_out) {
    EXPECT_EQ(
        written("select 1 as a union all select 2", result_shape::rows, integer_style::number, 1),
        R"({"rows":[{"a":1}],"truncated":true})");
}

TEST_F(the_result, writes_large_integers_as_it_is_told) {
    const std::string sql =
        "select 9007199254740992 as a, 9007199254740993 as b, -9007199254740993 as c";
    EXPECT_EQ(rows(sql),
              R"({"rows":[{"a":9007199254740992,"b":9007199254740993,"c":-9007199254740993}]})");
    EXPECT_EQ(
        written(sql, result_shape::rows, integer_style::string),
        R"({"rows":[{"a":9007199254740992,"b":"9007199254740993","c":"-9007199254740993"}]})");
}

TEST_F(the_result, spoils_a_row_that_is_not_utf8_and_no_other) {
    EXPECT_EQ(rows("select 1 as a, cast(x'ff' as text) as b union all select 2, 'y'"),
              R"({"rows":[{"error":{"code":"malformed","title":"The row holds a text that is not )"
              R"(UTF-8","column":"b"}},{"a":2,"b":"y"}]})");
}

TEST_F(the_result, is_one_row_or_null) {
    EXPECT_EQ(written("select 1 as a", result_shape::row), R"({"row":{"a":1}})");
    EXPECT_EQ(written("select 1 as a where 0", result_shape::row), R"({"row":null})");
}

TEST_F(the_result, counts_changes) {
    EXPECT_EQ(written("select 1", result_shape::changes), R"({"changes":0})");
}

}  // namespace
}  // namespace weir::app
