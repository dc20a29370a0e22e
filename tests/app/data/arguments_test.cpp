// What callers say, as typed and checked values.

#include "app/data/arguments.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

const std::string all_types = R"toml(
[[endpoint]]
name = "all"
method = "POST"
path = "/all/{id}"
params.id = { type = "integer", from = "path", min = 1, max = 9 }
params.word = { type = "text", from = "query", max_length = 4, pattern = "[a-z]*" }
params.share = { type = "real", from = "body", min = 0, max = 1, default = 0.5 }
params.flag = { type = "boolean", from = "body", required = false }
params.data = { type = "blob", from = "body", max_length = 3, required = false }
params.note = { type = "text", from = "body", default = "none" }
sql = "insert into t values (:id, :word, :share, :flag, :data, :note)"
result = "changes"
)toml";

json::value text_value(std::string_view text) {
    json::value value;
    value.is = json::value::kind::text;
    value.text = text;
    return value;
}

json::value integer_value(std::int64_t number) {
    json::value value;
    value.is = json::value::kind::integer;
    value.integer = number;
    return value;
}

json::value of_kind(json::value::kind kind) {
    json::value value;
    value.is = kind;
    return value;
}

class the_arguments : public ::testing::Test {
protected:
    // The error's text, or "right".
    static std::string said(const result<>& taken) {
        if (taken) return "right";
        EXPECT_EQ(taken.error(), errc::invalid_argument);
        return std::string{taken.error().text()};
    }
    std::string path(std::string_view text) {
        arguments fresh{endpoint_, memory_};
        return said(fresh.add("id", parameter_source::path, text));
    }
    std::string query(std::string_view text) {
        arguments fresh{endpoint_, memory_};
        return said(fresh.add("word", parameter_source::query, text));
    }
    std::string json(std::string_view name, const json::value& value) {
        arguments fresh{endpoint_, memory_};
        return said(fresh.add(name, value));
    }

    config config_ = config_of(database + all_types);
    endpoint& endpoint_ = config_.endpoints.at(0);
    io::block_pool blocks_;
    scratch memory_{blocks_};
    arguments arguments_{endpoint_, memory_};
};

TEST_F(the_arguments, become_what_the_statement_binds) {
    ASSERT_TRUE(arguments_.add("id", parameter_source::path, "7"));
    ASSERT_TRUE(arguments_.add("word", parameter_source::query, "abc"));
    ASSERT_TRUE(arguments_.add("data", text_value("AAEC")));
    json::value flag = of_kind(json::value::kind::boolean);
    flag.boolean = true;
    ASSERT_TRUE(arguments_.add("flag", flag));
    ASSERT_TRUE(arguments_.check());
    const db::params bound = arguments_.bind();
    EXPECT_EQ(bound.find("id")->as_integer(), 7);
    EXPECT_EQ(bound.find("word")->as_text(), "abc");
    EXPECT_EQ(as_text(bound.find("data")->as_blob()), std::string_view("\0\1\2", 3));
    EXPECT_EQ(bound.find("flag")->as_integer(), 1);
    EXPECT_EQ(bound.find("share")->as_real(), 0.5);
    EXPECT_EQ(bound.find("note")->as_text(), "none");
}

TEST_F(the_arguments, name_what_is_missing) {
    ASSERT_TRUE(arguments_.add("id", parameter_source::path, "7"));
    EXPECT_EQ(said(arguments_.check()), "word is missing");
}

TEST_F(the_arguments, take_null_for_missing) {
    ASSERT_TRUE(arguments_.add("id", integer_value(7)));
    ASSERT_TRUE(arguments_.add("word", of_kind(json::value::kind::null)));
    EXPECT_EQ(said(arguments_.check()), "word is missing");
}

TEST_F(the_arguments, are_null_where_they_may_be_missing_and_have_no_default) {
    ASSERT_TRUE(arguments_.add("id", integer_value(7)));
    ASSERT_TRUE(arguments_.add("word", text_value("")));
    ASSERT_TRUE(arguments_.check());
    const db::params bound = arguments_.bind();
    EXPECT_TRUE(bound.find("flag")->is_null());
    EXPECT_TRUE(bound.find("data")->is_null());
}

TEST_F(the_arguments, refuse_what_is_no_integer) {
    for (const char* text :
         {"", "x", "1x", " 1", "+1", "1.0", "1e1", "0x1", "99999999999999999999"})
        EXPECT_EQ(path(text), "id must be an integer") << text;
    EXPECT_EQ(path("0"), "id must be at least 1");
    EXPECT_EQ(path("-1"), "id must be at least 1");
    EXPECT_EQ(path("10"), "id must be at most 9");
    EXPECT_EQ(json("id", text_value("7")), "id must be an integer");
    EXPECT_EQ(json("id", of_kind(json::value::kind::real)), "id must be an integer");
}

TEST_F(the_arguments, take_texts_for_integers_where_answers_write_them_so) {
    arguments exact{endpoint_, memory_, integer_style::string};
    ASSERT_TRUE(exact.add("id", text_value("7")));
    EXPECT_EQ(exact.bind().find("id")->as_integer(), 7);
    for (const char* text : {"", "x", "7x", " 7", "7 ", "+7", "7.0", "7e0", "0x7", "--7", "-",
                             "9223372036854775808", "-9223372036854775809"}) {
        arguments fresh{endpoint_, memory_, integer_style::string};
        EXPECT_EQ(said(fresh.add("id", text_value(text))), "id must be an integer") << text;
    }
    arguments bounded{endpoint_, memory_, integer_style::string};
    EXPECT_EQ(said(bounded.add("id", text_value("10"))), "id must be at most 9");
    EXPECT_EQ(said(bounded.add("share", text_value("0.5"))), "share must be a number");
    EXPECT_EQ(said(bounded.add("flag", text_value("true"))), "flag must be true or false");
}

TEST_F(the_arguments, refuse_texts_that_are_too_long_or_of_another_kind) {
    EXPECT_EQ(query("abcde"), "word must be no longer than 4 bytes");
    EXPECT_EQ(query("AB"), "word must match [a-z]*");
    EXPECT_EQ(query("\xff"), "word must be UTF-8");
    EXPECT_EQ(query(std::string_view{"a\0b", 3}), "word must not contain NUL");
    EXPECT_EQ(json("word", integer_value(1)), "word must be a text");
    EXPECT_EQ(json("word", of_kind(json::value::kind::array)), "word must be a text");
    EXPECT_EQ(json("word", of_kind(json::value::kind::object)), "word must be a text");
}

TEST_F(the_arguments, refuse_what_is_no_base64) {
    for (const char* text :
         {"A", "AA", "AAA", "A===", "AAE", "AAE_", "AB==", "AAB=", "=AAA", "A A="})
        EXPECT_EQ(json("data", text_value(text)), "data must be base64") << text;
    EXPECT_EQ(json("data", text_value("AA==")), "right");
    EXPECT_EQ(json("data", text_value("AAA=")), "right");
    EXPECT_EQ(json("data", text_value("")), "right");
    EXPECT_EQ(json("data", text_value("AAECAw==")), "data must be no longer than 3 bytes");
}

TEST_F(the_arguments, take_an_integer_for_a_real) {
    EXPECT_EQ(json("share", integer_value(1)), "right");
    EXPECT_EQ(json("share", integer_value(2)), "share must be at most 1");
    EXPECT_EQ(json("share", text_value("1")), "share must be a number");
}

TEST_F(the_arguments, refuse_a_flag_that_is_neither_true_nor_false) {
    EXPECT_EQ(json("flag", integer_value(1)), "flag must be true or false");
    EXPECT_EQ(json("flag", text_value("true")), "flag must be true or false");
}

TEST_F(the_arguments, refuse_what_is_given_twice) {
    ASSERT_TRUE(arguments_.add("word", parameter_source::query, "a"));
    EXPECT_EQ(said(arguments_.add("word", parameter_source::query, "a")), "word is given twice");
}

TEST_F(the_arguments, refuse_a_name_that_is_not_theirs) {
    EXPECT_EQ(said(arguments_.add("wrod", parameter_source::query, "a")),
              "there is no parameter wrod; did you mean \"word\"?");
    EXPECT_EQ(said(arguments_.add("\xff", parameter_source::query, "a")),
              "there is no parameter of that name");
}

TEST_F(the_arguments, are_known_from_their_own_place_only) {
    EXPECT_EQ(said(arguments_.add("note", parameter_source::query, "a")),
              "note comes from the body");
    EXPECT_EQ(said(arguments_.add_from_body("word", text_value("a"))), "word comes from the query");
    EXPECT_EQ(said(arguments_.add_from_body("note", text_value("a"))), "right");
}

TEST_F(the_arguments, keep_a_text_longer_than_a_block) {
    const std::string large(100'000, 'x');
    std::string sent = large;
    ASSERT_TRUE(arguments_.add("note", text_value(sent)));
    ASSERT_TRUE(arguments_.add("id", integer_value(7)));
    ASSERT_TRUE(arguments_.add("word", text_value("a")));
    sent.assign(sent.size(), 'y');
    EXPECT_EQ(arguments_.bind().find("note")->as_text(), large);
}

}  // namespace
}  // namespace weir::app
