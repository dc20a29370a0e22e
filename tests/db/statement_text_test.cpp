#include "weir/db/statement_text.hpp"

#include <stdexcept>

#include <gtest/gtest.h>

namespace weir::inline v0::db {
namespace {

using names = std::vector<std::string>;

statement_text parsed(std::string_view text, dialect rules = dialect::sqlite) {
    auto statement = statement_text::parse(text, rules);
    if (!statement) throw std::runtime_error{statement.error().message()};
    return std::move(*statement);
}

names names_in(std::string_view text, dialect rules = dialect::sqlite) {
    return parsed(text, rules).names();
}

std::string for_postgresql(std::string_view text) {
    return parsed(text, dialect::postgresql).for_driver();
}

std::string refusal(std::string_view text, dialect rules = dialect::sqlite) {
    auto statement = statement_text::parse(text, rules);
    if (statement) return "accepted";
    EXPECT_EQ(statement.error(), errc::invalid_argument);
    return std::string{statement.error().text()};
}

const std::string_view other_way = "a parameter that is not written :name stands at offset 7";

TEST(statement_text, names_each_parameter_once_in_order_of_first_appearance) {
    const auto statement = parsed("select :b, :a, :b where x=:a_2");
    EXPECT_EQ(statement.names(), (names{"b", "a", "a_2"}));
    ASSERT_EQ(statement.occurrences().size(), 4U);
    EXPECT_EQ(statement.occurrences()[2].offset, 15U);
    EXPECT_EQ(statement.occurrences()[2].size, 2U);
    EXPECT_EQ(statement.occurrences()[2].name, 0U);
    for (const auto& each : statement.occurrences())
        EXPECT_EQ(statement.text().substr(each.offset, each.size),
                  ":" + statement.names()[each.name]);
}

TEST(statement_text, has_no_parameters_where_there_are_none) {
    EXPECT_EQ(names_in(""), names{});
    EXPECT_EQ(names_in("select 1"), names{});
    EXPECT_EQ(names_in(" \t\n-- only a comment"), names{});
}

TEST(statement_text, leaves_quotes_alone) {
    for (const dialect rules : {dialect::sqlite, dialect::postgresql}) {
        EXPECT_EQ(names_in("select ':a', :b", rules), names{"b"});
        EXPECT_EQ(names_in("select \":a\", :b", rules), names{"b"});
        EXPECT_EQ(names_in("select 'it''s :a', :b", rules), names{"b"});
        EXPECT_EQ(names_in("select '', :b, ''''", rules), names{"b"});
        EXPECT_EQ(names_in("select '-- :a', :b, '/*'", rules), names{"b"});
        EXPECT_EQ(names_in("select \"x\"\":a\", :b", rules), names{"b"});
    }
    EXPECT_EQ(names_in("select `:a`, [:a ' x], :b"), names{"b"});
}

TEST(statement_text, takes_brackets_for_arrays_in_postgresql) {
    EXPECT_EQ(names_in("select array[:a, :b]", dialect::postgresql), (names{"a", "b"}));
    EXPECT_EQ(names_in("select x[1:2], x[1 : n], :b", dialect::postgresql), names{"b"});
}

TEST(statement_text, leaves_comments_alone) {
    for (const dialect rules : {dialect::sqlite, dialect::postgresql}) {
        EXPECT_EQ(names_in("select -- :a it's\n :b", rules), names{"b"});
        EXPECT_EQ(names_in("select /* :a ' \n */ :b", rules), names{"b"});
        EXPECT_EQ(names_in("select 1 - :b / :c * :d", rules), (names{"b", "c", "d"}));
        EXPECT_EQ(names_in("select :b --", rules), names{"b"});
    }
}

TEST(statement_text, nests_comments_as_the_engine_does) {
    const std::string_view text = "select /* /* */ :a /* */ , :b";
    EXPECT_EQ(names_in(text), (names{"a", "b"}));
    EXPECT_EQ(names_in("select /* /* */ :a */ :b", dialect::postgresql), names{"b"});
    EXPECT_EQ(refusal(text, dialect::postgresql), "a comment is not closed at offset 7");
}

TEST(statement_text, ends_a_line_comment_as_the_engine_does) {
    EXPECT_EQ(names_in("select 1 -- x\r:a\n, :b"), names{"b"});
    EXPECT_EQ(names_in("select 1 -- x\r:a\n, :b", dialect::postgresql), (names{"a", "b"}));
}

TEST(statement_text, tells_a_cast_from_a_parameter) {
    EXPECT_EQ(for_postgresql("select x::text, :a::int, :b ::int"),
              "select x::text, $1::int, $2 ::int");
    EXPECT_EQ(for_postgresql("select f(a := :b)"), "select f(a := $1)");
}

TEST(statement_text, leaves_dollar_quotes_alone) {
    EXPECT_EQ(for_postgresql("select $$:a ' $x$ $$, :b"), "select $$:a ' $x$ $$, $1");
    EXPECT_EQ(for_postgresql("select $t$ $$:a$$ $t$, :b"), "select $t$ $$:a$$ $t$, $1");
    EXPECT_EQ(for_postgresql("select a$b$, :c, d$b$"), "select a$b$, $1, d$b$");
}

TEST(statement_text, knows_escapes_in_postgresql_only) {
    EXPECT_EQ(names_in(R"(select E'it\'s :a', :b)", dialect::postgresql), names{"b"});
    EXPECT_EQ(names_in(R"(select e'\\', :b, e'''\' :a')", dialect::postgresql), names{"b"});
    EXPECT_EQ(names_in(R"(select 'x\', :b)", dialect::postgresql), names{"b"});
    EXPECT_EQ(names_in(R"(select type'x\', :b, 1e'x\')", dialect::postgresql), names{"b"});
    EXPECT_EQ(names_in(R"(select 'x\', :b)"), names{"b"});
}

TEST(statement_text, gives_sqlite_its_own_text) {
    const std::string_view text = "select :b, ':a', :b where id=:a limit:n";
    EXPECT_EQ(parsed(text).for_driver(), text);
}

TEST(statement_text, numbers_parameters_for_postgresql) {
    EXPECT_EQ(for_postgresql("select :b, ':a', :b where id=:a"), "select $1, ':a', $1 where id=$2");
    EXPECT_EQ(for_postgresql(":a"), "$1");
    EXPECT_EQ(for_postgresql("(:a)"), "($1)");
}

TEST(statement_text, keeps_a_number_apart_from_the_word_before_it) {
    EXPECT_EQ(for_postgresql("select 1 limit:n"), "select 1 limit $1");
    EXPECT_EQ(for_postgresql("select $$x$$:n"), "select $$x$$ $1");
}

TEST(statement_text, refuses_what_is_not_closed) {
    EXPECT_EQ(refusal("select 'x"), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select \"x"), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select `x"), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select [x"), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select /* x"), "a comment is not closed at offset 7");
    EXPECT_EQ(refusal("select /*/"), "a comment is not closed at offset 7");
    EXPECT_EQ(refusal(R"(select E'\')", dialect::postgresql), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select E'\\", dialect::postgresql), "a quote is not closed at offset 7");
    EXPECT_EQ(refusal("select $a$ $A$", dialect::postgresql),
              "a dollar quote is not closed at offset 7");
}

TEST(statement_text, refuses_a_second_statement) {
    EXPECT_EQ(refusal("select 1; drop table x"), "a second statement begins at offset 10");
    EXPECT_EQ(refusal("select 1;:a"), "a second statement begins at offset 9");
    EXPECT_EQ(names_in("select :a, ';';; -- done\n /* ; */ "), names{"a"});
}

TEST(statement_text, refuses_parameters_that_nobody_would_bind) {
    for (const std::string_view way : {"?", "?1", "@x", "$x", "$1", "#x", ":1", ":\xc3\xa9",
                                       ":a\xc3\xa9", ":a$", ":a::b", ":a(b)", "::a", ":::a", ": a"})
        EXPECT_EQ(refusal("select " + std::string{way}), other_way) << way;
    for (const std::string_view way : {"$1", "$", "$x", "$1$ $1$", ":a\xc3\xa9", ":a$"})
        EXPECT_EQ(refusal("select " + std::string{way}, dialect::postgresql), other_way) << way;
}

TEST(statement_text, leaves_postgresqls_operators_alone) {
    EXPECT_EQ(for_postgresql("select a ? :b and @ c @> :d # 1"), "select a ? $1 and @ c @> $2 # 1");
}

TEST(statement_text, refuses_a_nul_byte_wherever_it_stands) {
    for (const std::string_view text :
         {std::string_view{"select '\0'", 10}, std::string_view{"a\0:b", 4}})
        EXPECT_EQ(refusal(text), "a NUL byte stands in the statement");
}

TEST(statement_text, reads_every_prefix_of_a_statement_without_harm) {
    const std::string text =
        "select E'\\'', $t$ :x $t$, :a::int, \"q\", [b], `c`, x'00' -- c\n/* /* */ */ , a[1:2];";
    for (const dialect rules : {dialect::sqlite, dialect::postgresql})
        for (std::size_t size = 0; size <= text.size(); ++size) {
            const std::string_view part = std::string_view{text}.substr(0, size);
            const auto statement = statement_text::parse(part, rules);
            EXPECT_EQ(statement ? statement->text() : part, part);
        }
}

}  // namespace
}  // namespace weir::inline v0::db
