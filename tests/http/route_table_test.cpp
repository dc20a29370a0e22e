#include "http/route_table.hpp"

#include <gtest/gtest.h>

#include "weir/http/router.hpp"

namespace weir::inline v0::http {
namespace {

response nothing(request&) { return response{}; }

class route_table_test : public testing::Test {
protected:
    void add(std::string_view method, std::string_view pattern) {
        table_.add(*parse_method(method), std::make_unique<route>(nothing, pattern, pattern));
    }
    // The pattern that answers, with its parameters; else the methods that the path has.
    std::string find(std::string_view method, std::string_view path) {
        io::block_writer texts{blocks_};
        const auto found = table_.find(*parse_method(method), path, texts, params_);
        // Where the short way leads anywhere, it leads to the same.
        if (const route* literal = table_.find_literal(*parse_method(method), path)) {
            EXPECT_EQ(literal, found.which) << path;
        }
        if (found.which == nullptr)
            return found.allowed.empty() ? "none" : "allow " + found.allowed.text();
        std::string told = found.which->pattern;
        for (std::size_t at = 0; at < found.which->params.size(); ++at)
            told += " " + found.which->params[at] + "=" + std::string{params_[at]};
        return told;
    }

    io::block_pool blocks_;
    route_table table_;
    std::array<std::string_view, request::max_params> params_;
};

TEST_F(route_table_test, finds_literals_and_parameters) {
    add("GET", "/");
    add("GET", "/vendors");
    add("GET", "/vendors/{prefix}");
    add("GET", "/vendors/{prefix}/devices/{mac}");
    EXPECT_EQ(find("GET", "/"), "/");
    EXPECT_EQ(find("GET", "/vendors"), "/vendors");
    EXPECT_EQ(find("GET", "/vendors/0000f8"), "/vendors/{prefix} prefix=0000f8");
    EXPECT_EQ(find("GET", "/vendors/a/devices/b"),
              "/vendors/{prefix}/devices/{mac} prefix=a mac=b");
    for (const char* path : {"/vendors/", "/vendors/a/", "/vendors/a/devices", "/Vendors", "//",
                             "/vendors//devices/b", "/vendors/a/devices/b/c", "*"})
        EXPECT_NE(find("GET", path).find(path[0] == '*' ? "allow" : "none"), std::string::npos)
            << path;
}

TEST_F(route_table_test, finds_a_whole_path_by_its_text_alone) {
    std::vector<std::string> paths{"/", "/{any}", "/ab/{any}"};
    for (std::size_t size = 1; size <= 24; ++size) {
        const std::string path = "/" + std::string(size, 'a');
        paths.push_back(path);
        // Others that begin and end alike, and are as long.
        for (std::size_t at = 1; at <= size; ++at) {
            paths.push_back(path);
            paths.back()[at] = 'b';
        }
    }
    for (const std::string& path : paths) add("GET", path);
    add("POST", "/posted");
    for (const std::string& path : paths) {
        const bool literal = path.find('{') == std::string::npos;
        const route* const found = table_.find_literal(method::get, path);
        ASSERT_EQ(found != nullptr, literal) << path;
        EXPECT_EQ(table_.find_literal(method::get, path + "c"), nullptr);
        if (!literal) continue;
        EXPECT_EQ(found->pattern, path);
        EXPECT_EQ(find("GET", path), path);
        EXPECT_EQ(table_.find_literal(method::head, path), found);
    }
    EXPECT_EQ(table_.find_literal(method::get, "/posted"), nullptr);
    EXPECT_EQ(find("GET", "/posted"), "/{any} any=posted");
}

TEST_F(route_table_test, takes_a_literal_before_a_parameter_and_turns_back_where_it_leads_nowhere) {
    add("GET", "/a/b");
    add("GET", "/a/{x}");
    add("GET", "/a/{x}/c");
    add("GET", "/{y}/b/d");
    EXPECT_EQ(find("GET", "/a/b"), "/a/b");
    EXPECT_EQ(find("GET", "/a/z"), "/a/{x} x=z");
    EXPECT_EQ(find("GET", "/a/b/c"), "/a/{x}/c x=b");
    EXPECT_EQ(find("GET", "/a/b/d"), "/{y}/b/d y=a");
}

TEST_F(route_table_test, tells_methods_of_all_patterns_that_match) {
    add("POST", "/a/b");
    add("GET", "/a/{x}");
    EXPECT_EQ(find("GET", "/a/b"), "/a/{x} x=b");
    EXPECT_EQ(find("HEAD", "/a/b"), "/a/{x} x=b");
    EXPECT_EQ(find("PUT", "/a/b"), "allow GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("OPTIONS", "/a/b"), "allow GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("PUT", "/a/c"), "allow GET, HEAD, OPTIONS");
    EXPECT_EQ(find("PUT", "/b"), "none");
}

TEST_F(route_table_test, matches_decoded_segments_and_splits_before_it_decodes) {
    add("GET", "/vendors/{prefix}");
    EXPECT_EQ(find("GET", "/%76endors/a%2Fb"), "/vendors/{prefix} prefix=a/b");
    EXPECT_EQ(find("GET", "/vendors%2Fa"), "none");
}

TEST_F(route_table_test, takes_a_literal_before_a_parameter_before_the_rest) {
    add("GET", "/files/index");
    add("GET", "/files/{name}");
    add("GET", "/files/{path...}");
    add("GET", "/files/{name}/meta");
    EXPECT_EQ(find("GET", "/files/index"), "/files/index");
    EXPECT_EQ(find("GET", "/files/a"), "/files/{name} name=a");
    EXPECT_EQ(find("GET", "/files/a/meta"), "/files/{name}/meta name=a");
    EXPECT_EQ(find("GET", "/files/a/b"), "/files/{path...} path=a/b");
    EXPECT_EQ(find("GET", "/files/index/b/"), "/files/{path...} path=index/b/");
    EXPECT_EQ(find("GET", "/files/"), "/files/{path...} path=");
    EXPECT_EQ(find("GET", "/files//"), "/files/{path...} path=/");
    EXPECT_EQ(find("GET", "/files"), "none");
}

TEST_F(route_table_test, takes_the_rest_of_any_length_decoded) {
    add("GET", "/{org}/{path...}");
    EXPECT_EQ(find("GET", "/a/b%20c/%2e%2E%2fd"), "/{org}/{path...} org=a path=b c/../d");
    std::string deep;
    for (std::size_t i = 0; i < 4 * route_table::max_segments; ++i) deep += "/s";
    EXPECT_EQ(find("GET", "/a" + deep), "/{org}/{path...} org=a path=" + deep.substr(1));
    EXPECT_EQ(find("GET", "//b"), "none") << "a parameter is never empty";
}

TEST_F(route_table_test, tells_methods_across_literals_parameters_and_the_rest) {
    add("PUT", "/files/index");
    add("POST", "/files/{name}");
    add("GET", "/files/{path...}");
    EXPECT_EQ(find("GET", "/files/index"), "/files/{path...} path=index");
    EXPECT_EQ(find("DELETE", "/files/index"), "allow GET, HEAD, POST, PUT, OPTIONS");
    EXPECT_EQ(find("DELETE", "/files/a"), "allow GET, HEAD, POST, OPTIONS");
    EXPECT_EQ(find("OPTIONS", "/files/a/b"), "allow GET, HEAD, OPTIONS");
    EXPECT_EQ(find("DELETE", "*"), "allow GET, HEAD, POST, PUT, OPTIONS");
}

TEST_F(route_table_test, reads_no_more_segments_than_a_pattern_can_have) {
    std::string deep;
    for (std::size_t i = 0; i < route_table::max_segments; ++i) deep += "/s";
    add("GET", deep);
    EXPECT_EQ(find("GET", deep), deep);
    EXPECT_EQ(find("GET", deep + "/s"), "none");
    EXPECT_THROW(add("GET", deep + "/s"), std::invalid_argument);
}

TEST(router, refuses_what_is_no_route) {
    router routes;
    routes.route("GET", "/a/{b}", nothing).route("GET", "/f/{all...}", nothing);
    EXPECT_THROW(routes.route("GET", "/a/{c}", nothing), std::invalid_argument) << "there already";
    EXPECT_THROW(routes.route("GET", "/f/{a...}", nothing), std::invalid_argument);
    EXPECT_THROW(routes.route("CONNECT", "/x", nothing), std::invalid_argument);
    EXPECT_THROW(routes.route("get", "/x", nothing), std::invalid_argument);
    for (const char* pattern :
         {"", "a", "/a{b}", "/{}", "/a%20b", "/a?b", "/{a}/{a}", "/a/{b", "/{...}", "/{a...}/b",
          "/{a...}/", "/{a...}/{b...}", "/{a}/{a...}", "/x{a...}", "/{a}{b...}"})
        EXPECT_THROW(routes.route("PUT", pattern, nothing), std::invalid_argument) << pattern;
    EXPECT_NO_THROW(routes.route("POST", "/a/{c}", nothing));
    EXPECT_NO_THROW(routes.route("POST", "/f/{b...}", nothing));
}

TEST(router, refuses_what_is_no_group) {
    router routes;
    for (const char* prefix : {"api", "/", "/api/"})
        EXPECT_THROW((void)routes.group(prefix), std::invalid_argument) << prefix;
    auto api = routes.group("/api/{version}");
    api.route("GET", "", nothing).route("GET", "/", nothing);
    EXPECT_THROW(api.route("GET", "/{version}", nothing), std::invalid_argument) << "twice";
    EXPECT_THROW(routes.route("GET", "/api/{v}", nothing), std::invalid_argument);
    EXPECT_THROW(api.group("").route("GET", "", nothing), std::invalid_argument);
    route_options passed;
    passed.deadline = duration{};
    EXPECT_THROW((void)routes.group("/b", passed), std::invalid_argument);
    EXPECT_THROW(routes.route("GET", "/b", nothing, passed), std::invalid_argument);
}

}  // namespace
}  // namespace weir::inline v0::http
