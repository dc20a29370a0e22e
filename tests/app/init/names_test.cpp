// Names and types of a database, as a configuration has them.

#include "app/init/names.hpp"

#include <gtest/gtest.h>

#include "app/init/affinity.hpp"
#include "app/init/config_string.hpp"
#include "app/init/examples.hpp"

namespace weir::app {
namespace {

TEST(a_quoted_identifier, holds_any_name) {
    EXPECT_EQ(quoted_identifier("order"), R"("order")");
    EXPECT_EQ(quoted_identifier("a \"b\" 'c'"), R"("a ""b"" 'c'")");
    EXPECT_EQ(quoted_identifier(""), R"("")");
}

TEST(a_slug, keeps_what_a_path_can_hold) {
    EXPECT_EQ(slug("Invoice_Line", "table"), "Invoice_Line");
    EXPECT_EQ(slug("order items", "table"), "order-items");
    EXPECT_EQ(slug("a/b?c#d%e", "table"), "a-b-c-d-e");
    EXPECT_EQ(slug("größe", "table"), "gr-e");
}

TEST(a_slug, begins_with_a_letter_and_ends_with_no_dash) {
    EXPECT_EQ(slug("2024", "table"), "_2024");
    EXPECT_EQ(slug("..", "table"), "table");
    EXPECT_EQ(slug("-x-", "table"), "x");
    EXPECT_EQ(slug("表", "table"), "table");
    EXPECT_EQ(slug("", "table"), "table");
}

TEST(a_slug, is_short_enough_for_an_endpoints_name) {
    EXPECT_EQ(slug(std::string(500, 'x'), "table"), std::string(40, 'x'));
    EXPECT_EQ(slug(std::string(39, 'x') + " y", "table"), std::string(39, 'x'));
}

TEST(a_parameters_name, has_no_dash) {
    EXPECT_EQ(parameter_name("order id"), "order_id");
    EXPECT_EQ(parameter_name("表"), "value");
}

TEST(unique_names, are_all_different) {
    unique_names names{'-'};
    EXPECT_EQ(names.take("a"), "a");
    EXPECT_EQ(names.take("a-2"), "a-2");
    EXPECT_EQ(names.take("a"), "a-3");
    EXPECT_EQ(names.take("b"), "b");
}

TEST(an_affinity, follows_the_rules_of_sqlite_in_their_order) {
    EXPECT_EQ(affinity_of("INTEGER"), affinity::integer);
    EXPECT_EQ(affinity_of("unsigned big int"), affinity::integer);
    EXPECT_EQ(affinity_of("CHARINT"), affinity::integer);
    EXPECT_EQ(affinity_of("FLOATING POINT"), affinity::integer);  // it ends in INT
    EXPECT_EQ(affinity_of("varchar(70)"), affinity::text);
    EXPECT_EQ(affinity_of("CLOB"), affinity::text);
    EXPECT_EQ(affinity_of("blob"), affinity::blob);
    EXPECT_EQ(affinity_of(""), affinity::blob);
    EXPECT_EQ(affinity_of("double precision"), affinity::real);
    EXPECT_EQ(affinity_of("DECIMAL(10,5)"), affinity::numeric);
    EXPECT_EQ(affinity_of("DATETIME"), affinity::numeric);
    EXPECT_EQ(affinity_of("STRING"), affinity::numeric);
}

TEST(an_affinity, says_what_a_parameter_is) {
    EXPECT_EQ(parameter_type_of(affinity::integer), parameter_type::integer);
    EXPECT_EQ(parameter_type_of(affinity::text), parameter_type::text);
    EXPECT_EQ(parameter_type_of(affinity::blob), parameter_type::blob);
    EXPECT_EQ(parameter_type_of(affinity::real), parameter_type::real);
    EXPECT_EQ(parameter_type_of(affinity::numeric), parameter_type::text);
}

TEST(a_string_of_a_configuration, reads_nothing_out_of_the_environment) {
    EXPECT_EQ(config_string("plain {x} $x"), R"("plain {x} $x")");
    EXPECT_EQ(config_string("${HOME}"), R"("$${HOME}")");
    EXPECT_EQ(config_string("a\"b\\"), R"("a\"b\\")");
}

TEST(an_example, is_of_its_parameters_type) {
    EXPECT_EQ(example_of(7, parameter_type::integer), parameter_value{std::int64_t{7}});
    EXPECT_EQ(example_of("7", parameter_type::integer), parameter_value{});
    EXPECT_EQ(example_of(7, parameter_type::text), parameter_value{"7"});
    EXPECT_EQ(example_of("seven", parameter_type::text), parameter_value{"seven"});
    EXPECT_EQ(example_of(7, parameter_type::real), parameter_value{7.0});
    EXPECT_EQ(example_of(nullptr, parameter_type::text), parameter_value{});
}

TEST(an_example, is_one_segment_of_a_path_that_people_can_read) {
    for (const char* unfit : {"", ".", "..", "a\nb", "\x7f"})
        EXPECT_EQ(example_of(unfit, parameter_type::text), parameter_value{}) << unfit;
    EXPECT_EQ(example_of(std::string(61, 'x'), parameter_type::text), parameter_value{});
    EXPECT_EQ(example_of(db::value{"\xff", false}, parameter_type::text), parameter_value{});
}

}  // namespace
}  // namespace weir::app
