// The settings; endpoints have a file of their own.

#include "app/config/config.hpp"

#include <cstdio>
#include <cstdlib>
#include <filesystem>

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

TEST(config, needs_no_more_than_a_database_and_an_endpoint) {
    const config parsed = config_of(database + one_endpoint);
    EXPECT_EQ(parsed.service.name, "weir");
    EXPECT_EQ(parsed.service.loops, 0U);
    EXPECT_EQ(parsed.service.engine, engine_choice::automatic);
    EXPECT_EQ(parsed.service.placement, placement_choice::load);
    EXPECT_EQ(parsed.log.level, log_level::info);
    EXPECT_EQ(parsed.http.listen, (listen_address{"127.0.0.1", 8080, true}));
    EXPECT_EQ(parsed.frames.listen, (listen_address{"127.0.0.1", 9000, true}));
    EXPECT_EQ(parsed.admin.listen, (listen_address{"127.0.0.1", 8081, true}));
    EXPECT_EQ(parsed.limits.max_rows, 1000U);
    EXPECT_EQ(parsed.limits.body, 1U << 20);
    EXPECT_EQ(parsed.drain.timeout, 30s);
    EXPECT_EQ(parsed.drain.delay, 0s);
    EXPECT_EQ(parsed.database.readers, 10U);
}

TEST(config, takes_every_setting) {
    const config parsed = config_with(R"(
database.readers = 3
database.acquire_timeout = "1s"
database.busy_timeout = "0s"
database.statement_timeout = "2m"
database.group_statements = 1
database.group_bytes = "2KiB"
service = { name = "lan", loops = 2, engine = "epoll", placement = "processor" }
log.level = "debug"
http = { listen = "[::1]:80", public = true }
frames.listen = "0.0.0.0:0"
admin.listen = ""
limits.max_connections = 5
limits.max_connections_per_address = 4
limits.max_accepts_per_second = 100
limits.max_connection_age = "1h"
limits.idle_timeout = "3s"
limits.user_timeout = "4s"
limits.in_flight = 6
limits.request_timeout = "7s"
limits.body = "64KiB"
limits.max_rows = 8
drain = { timeout = "9s", delay = "500ms" }
)");
    EXPECT_EQ(parsed.database.readers, 3U);
    EXPECT_EQ(parsed.database.acquire_timeout, 1s);
    EXPECT_EQ(parsed.database.busy_timeout, 0s);
    EXPECT_EQ(parsed.database.statement_timeout, 2min);
    EXPECT_EQ(parsed.database.group_statements, 1U);
    EXPECT_EQ(parsed.database.group_bytes, 2048U);
    EXPECT_EQ(parsed.service.name, "lan");
    EXPECT_EQ(parsed.service.loops, 2U);
    EXPECT_EQ(parsed.service.engine, engine_choice::epoll);
    EXPECT_EQ(parsed.service.placement, placement_choice::processor);
    EXPECT_EQ(parsed.log.level, log_level::debug);
    EXPECT_EQ(parsed.http.listen, (listen_address{"::1", 80, true}));
    EXPECT_TRUE(parsed.http.is_public);
    EXPECT_EQ(parsed.frames.listen, (listen_address{"0.0.0.0", 0, false}));
    EXPECT_EQ(parsed.admin.listen, std::nullopt);
    EXPECT_EQ(parsed.limits.max_connections, 5U);
    EXPECT_EQ(parsed.limits.max_connections_per_address, 4U);
    EXPECT_EQ(parsed.limits.max_accepts_per_second, 100U);
    EXPECT_EQ(parsed.limits.max_connection_age, 1h);
    EXPECT_EQ(parsed.limits.idle_timeout, 3s);
    EXPECT_EQ(parsed.limits.user_timeout, 4s);
    EXPECT_EQ(parsed.limits.in_flight, 6U);
    EXPECT_EQ(parsed.limits.request_timeout, 7s);
    EXPECT_EQ(parsed.limits.body, 65536U);
    EXPECT_EQ(parsed.drain.timeout, 9s);
    EXPECT_EQ(parsed.drain.delay, 500ms);
    EXPECT_EQ(parsed.endpoints.at(0).max_rows, 8U);
    EXPECT_EQ(parsed.endpoints.at(0).timeout, 7s);
}

TEST(config, tells_all_problems_at_once_in_the_files_order) {
    const std::string text = R"(
[http]
listen = 8080
[service]
loops = "two"
colour = "red"
[database]
readers = 0
)";
    EXPECT_EQ(problems_of(text),
              "t.toml:1:1: endpoint: is missing: nothing would be served\n"
              "t.toml:3:10: http.listen: must be a text, not an integer\n"
              "t.toml:5:9: service.loops: must be an integer, not a text\n"
              "t.toml:6:1: service.colour: there is no such key\n"
              "t.toml:7:1: database.url: is missing\n"
              "t.toml:8:11: database.readers: must be between 1 and 1000\n");
}

TEST(config, places_a_syntax_error) {
    const std::string text = problems_of("a = 1\nb = = 2\n");
    EXPECT_TRUE(text.starts_with("t.toml:2:5: ")) << text;
    EXPECT_TRUE(problems_of("a = 1\na = 2\n").starts_with("t.toml:2:")) << "a key twice";
    EXPECT_TRUE(problems_of("a = \"\xff\"").starts_with("t.toml:1:")) << "not UTF-8";
}

TEST(config, places_a_table_without_a_name) {
    using namespace std::string_literals;
    for (const std::string& text : {"["s, "[\n"s, "[\0"s, "[~]\n"s, "[["s, "[[ ]]\n"s, "[a.]\n"s})
        EXPECT_TRUE(problems_of(text).starts_with("t.toml:1:")) << problems_of(text);
}

TEST(config, places_a_letter_that_only_a_text_may_have) {
    for (const char* letter : {"\u00e4", "\u0268", "\u0416", "\u2fff", "\ufdd0"}) {
        EXPECT_TRUE(problems_of(std::string{letter} + " = 1\n").starts_with("t.toml:1:1: "))
            << letter;
        EXPECT_TRUE(problems_of("\na = 1" + std::string{letter}).starts_with("t.toml:2:"))
            << letter;
    }
}

TEST(config, suggests_the_nearest_key) {
    EXPECT_EQ(problems_with("drain.timeuot = \"1s\""),
              "t.toml:1:7: drain.timeuot: there is no such key; did you mean \"timeout\"?\n");
    EXPECT_EQ(problems_with("htpp.listen = \"\""),
              "t.toml:1:1: htpp: there is no such key; did you mean \"http\"?\n");
    EXPECT_EQ(problems_with("elephant = 1"), "t.toml:1:1: elephant: there is no such key\n");
}

TEST(config, refuses_wrong_types) {
    EXPECT_EQ(problems_with("log = 3"), "t.toml:1:7: log: must be a table, not an integer\n");
    EXPECT_EQ(problems_with("http.public = \"yes\""),
              "t.toml:1:15: http.public: must be true or false, not a text\n");
    EXPECT_EQ(problems_with("service.loops = 1.5"),
              "t.toml:1:17: service.loops: must be an integer, not a real number\n");
    EXPECT_EQ(problems_with("service.name = [1]"),
              "t.toml:1:16: service.name: must be a text, not an array\n");
    EXPECT_EQ(problems_with("service.name = 2020-01-01"),
              "t.toml:1:16: service.name: must be a text, not a date or time\n");
    EXPECT_EQ(problems_of("database = 1" + one_endpoint),
              "t.toml:1:12: database: must be a table, not an integer\n");
    EXPECT_EQ(problems_of(database + "endpoint = 1"),
              "t.toml:2:12: endpoint: must be an array of tables: write [[endpoint]]\n");
    EXPECT_EQ(problems_of(database + "endpoint = [1]"),
              "t.toml:2:13: endpoint[1]: must be a table: write [[endpoint]]\n");
}

TEST(config, names_missing_keys) {
    EXPECT_EQ(problems_of(one_endpoint), "t.toml:1:1: database.url: is missing\n");
    EXPECT_EQ(problems_of(database), "t.toml:1:1: endpoint: is missing: nothing would be served\n");
    EXPECT_EQ(problems_of(database + "[[endpoint]]\n"),
              "t.toml:2:1: endpoint[1].name: is missing\n"
              "t.toml:2:1: endpoint[1].method: is missing\n"
              "t.toml:2:1: endpoint[1].path: is missing\n"
              "t.toml:2:1: endpoint[1].sql: is missing\n");
}

TEST(config, offers_what_a_choice_has) {
    EXPECT_EQ(problems_with("service.engine = \"urnig\""),
              "t.toml:1:18: service.engine: must be \"auto\", \"uring\" or \"epoll\"; did you mean "
              "\"uring\"?\n");
}

TEST(config, refuses_what_is_no_duration) {
    const std::string wrong =
        "t.toml:1:17: drain.timeout: must be a duration of at most 24 h such as \"500ms\", \"30s\" "
        "or \"10m\"\n";
    for (const std::string value : {"30", "\"30\"", "\"s\"", "\"-1s\"", "\"1.5s\"", "\"1 s\"",
                                    "\"1y\"", "\"25h\"", "\"99999999999999999999s\"", "\"\""})
        EXPECT_EQ(problems_with("drain.timeout = " + value), wrong) << value;
    EXPECT_EQ(problems_with("limits.request_timeout = \"0s\""),
              "t.toml:1:26: limits.request_timeout: must be at least 1ms\n");
    EXPECT_EQ(problems_with("limits.user_timeout = \"1s\""),
              "t.toml:1:23: limits.user_timeout: must be at least 2s\n");
}

TEST(config, refuses_what_is_no_size) {
    const std::string wrong =
        "t.toml:1:15: limits.body: must be a number of bytes, or a text such as \"64KiB\" or "
        "\"1MiB\"\n";
    for (const std::string value : {"1.5", "\"1MB\"", "\"MiB\"", "\"-1\"", "\"99999999999GiB\""})
        EXPECT_EQ(problems_with("limits.body = " + value), wrong) << value;
    EXPECT_EQ(problems_with("limits.body = \"2GiB\""),
              "t.toml:1:15: limits.body: must be between 0 and 1073741824 bytes\n");
}

TEST(config, expands_environment_variables) {
    const auto variables = fixed({{"DB", "net"}, {"PORT", "8000"}, {"EMPTY", ""}});
    const config parsed = config_of(
        "http.listen = \"127.0.0.1:${PORT}\"\nservice.name = \"$${DB} $ ${EMPTY}${DB}\"\n"
        "database.url = \"sqlite:${DB}/${DB}.db\"\n" +
            one_endpoint,
        variables);
    EXPECT_EQ(parsed.http.listen->port, 8000);
    EXPECT_EQ(parsed.service.name, "${DB} $ net");
    EXPECT_EQ(parsed.database.file, "net/net.db");
}

TEST(config, names_a_variable_that_is_not_set) {
    EXPECT_EQ(problems_with("service.name = \"${NOBODY}\""),
              "t.toml:1:16: service.name: the environment variable NOBODY is not set\n");
    EXPECT_EQ(problems_with("service.name = \"${NOBODY\""),
              "t.toml:1:16: service.name: a ${ has no }; $${ stands for ${\n");
    EXPECT_EQ(problems_with("service.name = \"${NO BODY}\""),
              "t.toml:1:16: service.name: between ${ and } stands no variable's name\n");
}

TEST(config, never_shows_a_variables_value) {
    const auto variables = fixed({{"SECRET", "info2"}});
    for (const std::string key :
         {"service.engine", "log.level", "http.listen", "drain.timeout", "limits.body"}) {
        const std::string text = problems_with(key + " = \"${SECRET}\"", variables);
        EXPECT_TRUE(text.starts_with("t.toml:1:")) << key;
        EXPECT_EQ(text.find("info2"), std::string::npos) << text;
        EXPECT_EQ(text.find("did you mean"), std::string::npos) << text;
    }
}

TEST(config, never_shows_the_databases_url) {
    for (const std::string url : {"postgresql://me:hunter2@host/db", "mysql://me:hunter2@host",
                                  "sqlite://hunter2", "sqlite::hunter2", "sqlite:x?key=hunter2"}) {
        const std::string text = problems_of("database.url = \"" + url + "\"" + one_endpoint);
        EXPECT_TRUE(text.starts_with("t.toml:1:16: database.url: ")) << text;
        EXPECT_EQ(text.find("hunter2"), std::string::npos) << text;
    }
}

TEST(config, refuses_an_unknown_scheme) {
    const auto with = [](const std::string& url) {
        return problems_of("database.url = \"" + url + "\"" + one_endpoint);
    };
    const std::string at = "t.toml:1:16: database.url: ";
    EXPECT_EQ(with("network.db"), at + "must begin with \"sqlite:\", followed by a file\n");
    EXPECT_EQ(with("sqlite:"), at + "names no file\n");
    EXPECT_EQ(with("sqlite://host/x"),
              at + "has no host: write sqlite:file, or sqlite:/folder/file\n");
    EXPECT_EQ(with("sqlite::memory:"),
              at + "must name a file: what is in memory, its readers cannot share\n");
    EXPECT_EQ(with("sqlite:x?mode=ro"), at + "must not have options behind a ?\n");
}

TEST(config, says_that_postgresql_is_not_offered_yet) {
    EXPECT_EQ(problems_of("database.url = \"postgresql://host/db\"" + one_endpoint),
              "t.toml:1:16: database.url: PostgreSQL is not offered yet: use \"sqlite:\" and a "
              "file\n");
}

TEST(config, finds_the_database_from_its_own_folder) {
    const auto file = [](const std::string& url, const std::string& name) {
        const std::string text = "database.url = \"" + url + "\"" + one_endpoint;
        return parse_config(text, name, fixed({}))->database.file;
    };
    EXPECT_EQ(file("sqlite:../x.db", "/etc/weir/weir.toml"), "/etc/x.db");
    EXPECT_EQ(file("sqlite:x.db", "conf/weir.toml"), "conf/x.db");
    EXPECT_EQ(file("sqlite:x.db", "weir.toml"), "x.db");
    EXPECT_EQ(file("sqlite:/var/x.db", "conf/weir.toml"), "/var/x.db");
}

TEST(config, refuses_a_bad_listen_address) {
    for (const std::string text : {"8080", "localhost:8080", "127.0.0.1", "127.0.0.1:", ":8080",
                                   "127.0.0.1:65536", "127.0.0.1:+1", "127.0.0.1:80 ", "::1:80",
                                   "[::1]", "[::1:80", "[127.0.0.1]:80", "300.0.0.1:80"})
        EXPECT_EQ(problems_with("http.listen = \"" + text + "\""),
                  "t.toml:1:15: http.listen: \"" + text +
                      "\" is no address: write \"127.0.0.1:8080\", \"[::1]:8080\", or \"\" to "
                      "switch it off\n");
}

TEST(config, refuses_one_address_for_two_listeners) {
    EXPECT_EQ(problems_with("admin.listen = \"127.0.0.1:9000\""),
              "t.toml:1:16: admin.listen: is frames.listen, too\n");
    EXPECT_EQ(problems_with("http.listen = \"127.0.0.1:0\"\nframes.listen = \"127.0.0.1:0\""), "");
}

TEST(config, refuses_to_serve_nothing) {
    EXPECT_EQ(problems_with("http.listen = \"\"\nframes.listen = \"\""),
              "t.toml:1:1: http: is switched off and so is frames: nothing would be served\n");
    EXPECT_EQ(problems_with("http.listen = \"\""), "");
    // A slip of the pen switches nothing off.
    EXPECT_EQ(problems_with("http.listen = \"localhost:80\"\nframes.listen = \"\""),
              "t.toml:1:15: http.listen: \"localhost:80\" is no address: write "
              "\"127.0.0.1:8080\", \"[::1]:8080\", or \"\" to switch it off\n");
}

const std::string write_endpoint = R"(
[[endpoint]]
name = "add"
method = "POST"
path = "/things"
sql = "insert into thing default values"
result = "changes"
)";

std::string off_loopback(const std::string& key, int column) {
    return "t.toml:1:" + std::to_string(column) + ": " + key +
           ".listen: offers a write (add) off loopback: that needs auth, or public = true to let "
           "anyone write\n";
}

TEST(config, refuses_writes_off_loopback) {
    const std::string rest = '\n' + database + one_endpoint + write_endpoint;
    EXPECT_EQ(problems_of("http.listen = \"0.0.0.0:80\"" + rest), off_loopback("http", 15));
    EXPECT_EQ(problems_of("http.listen = \"[::]:80\"" + rest), off_loopback("http", 15));
    EXPECT_EQ(problems_of("frames.listen = \"192.0.2.1:80\"" + rest), off_loopback("frames", 17));
}

TEST(config, allows_writes_on_loopback_or_in_public_and_reads_everywhere) {
    const std::string rest = '\n' + database + one_endpoint + write_endpoint;
    EXPECT_EQ(problems_of("http = { listen = \"0.0.0.0:80\", public = true }" + rest), "");
    EXPECT_EQ(problems_of("http.listen = \"127.9.9.9:80\"" + rest), "");
    EXPECT_EQ(problems_of("http.listen = \"[::1]:80\"" + rest), "");
    EXPECT_EQ(problems_of("http.listen = \"[::ffff:127.0.0.1]:80\"" + rest), "");
    EXPECT_EQ(problems_with("http.listen = \"0.0.0.0:80\""), "");
}

TEST(config, shows_nobody_in_particular_what_connections_carry) {
    EXPECT_EQ(problems_with("admin = { public = true, wire_traces = true }"),
              "t.toml:1:40: admin.wire_traces: shows what connections carry, and public says that "
              "anyone may ask: take one of them out\n");
    EXPECT_EQ(problems_with("admin = { public = true, wire_traces = false }"), "");
}

TEST(config, refuses_admin_pages_off_loopback_since_one_of_them_writes) {
    EXPECT_EQ(problems_with("admin.listen = \"0.0.0.0:80\""),
              "t.toml:1:16: admin.listen: offers a write (PUT /debug/log-level) off loopback: that "
              "needs auth, or public = true to let anyone write\n");
    EXPECT_EQ(problems_with("admin = { listen = \"0.0.0.0:80\", public = true }"), "");
    const auto with_auth = [](const std::string& more) {
        return problems_of("admin = { listen = \"0.0.0.0:80\", " + more +
                               "auth.tokens.ci = \"${CI}\" }\n" + database + one_endpoint,
                           fixed({{"CI", "0123456789abcdef"}}));
    };
    EXPECT_EQ(with_auth(""), "");
    EXPECT_EQ(with_auth("public = true, "),
              "t.toml:1:43: admin.public: says that anyone may write, and auth that not: take one "
              "of them out\n");
}

TEST(config, says_why_a_file_cannot_be_read) {
    const auto missing = load_config("/nonexistent/weir.toml");
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().text(),
              "/nonexistent/weir.toml: cannot be read: No such file or directory\n");
    const auto folder = load_config("/tmp");
    ASSERT_FALSE(folder);
    EXPECT_EQ(folder.error().text(), "/tmp: cannot be read: Is a directory\n");
    const auto endless = load_config("/dev/zero");
    ASSERT_FALSE(endless);
    EXPECT_EQ(endless.error().text(), "/dev/zero: cannot be read: more than 16 MiB\n");
}

TEST(config, reads_the_processs_environment) {
    ASSERT_EQ(::setenv("WEIR_CONFIG_TEST", "there", 1), 0);
    const auto parsed = parse_config(
        "service.name = \"${WEIR_CONFIG_TEST}\"\n" + database + one_endpoint, "t.toml");
    ASSERT_TRUE(parsed);
    EXPECT_EQ(parsed->service.name, "there");
}

}  // namespace
}  // namespace weir::app
