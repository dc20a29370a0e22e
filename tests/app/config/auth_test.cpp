// Tokens and other secrets, and where they may come from.

#include "app/config/auth.hpp"

#include <filesystem>
#include <fstream>

#include <gtest/gtest.h>

#include "app/config/caller_token.hpp"
#include "app/config/config_fixture.hpp"
#include "support/scratch_folder.hpp"

namespace weir::app {
namespace {

namespace fs = std::filesystem;

constexpr char secret[] = "s3cret-s3cret-s3cret";

// A configuration's folder with a file of that name in it.
class the_auth : public ::testing::Test {
protected:
    fs::path write(const std::string& name, std::string_view content,
                   fs::perms permissions = fs::perms::owner_read | fs::perms::owner_write) {
        const fs::path file = folder_ / name;
        std::ofstream{file} << content;
        fs::permissions(file, permissions);
        return file;
    }

    config_reading read(const std::string& settings, const std::string& place = database) {
        return read_config(settings + '\n' + place + one_endpoint, (folder_ / "t.toml").string(),
                           variables_);
    }

    // Without the file's name in front.
    std::string problems_with(const std::string& settings) {
        std::string text = read(settings).found.text();
        const std::string name = (folder_ / "t.toml").string();
        EXPECT_EQ(text.find(secret), std::string::npos) << text;
        return text.empty() ? text : text.substr(name.size() + 1);
    }

    const test::scratch_folder scratch_;
    const fs::path folder_ = scratch_.path();
    const environment_variables variables_ = fixed(
        {{"TOKEN", secret}, {"SHORT", "0123456789abcde"}, {"BAD", "0123456789abcdef geheim"}});
};

TEST_F(the_auth, takes_tokens_from_the_environment_and_from_files) {
    write("other.token", "0123456789abcdef==\n");
    const config_reading all = read(
        "[http.auth]\nreads = \"open\"\ntokens.ci = \"${TOKEN}\"\ntokens_file.old = "
        "\"other.token\"\n[database]\nurl = \"sqlite:x\"",
        "");
    ASSERT_EQ(all.found.text(), "");
    EXPECT_EQ(all.advice.text(), "");
    const auth_config& auth = all.read.http.auth;
    ASSERT_EQ(auth.tokens.size(), 2U);
    EXPECT_EQ(auth.tokens[0].name, "ci");
    EXPECT_EQ(auth.tokens[0].secret, secret);
    EXPECT_EQ(auth.tokens[1].name, "old");
    EXPECT_EQ(auth.tokens[1].secret, "0123456789abcdef==");
    EXPECT_EQ(auth.reads, read_access::open);
}

TEST_F(the_auth, is_for_reads_too_unless_told_otherwise) {
    EXPECT_EQ(read("http.auth.tokens.ci = \"${TOKEN}\"").read.http.auth.reads,
              read_access::required);
}

TEST_F(the_auth, has_no_token_in_the_file_itself) {
    EXPECT_EQ(problems_with(std::string{"http.auth.tokens.ci = \"0123456789abcdef\""}),
              "1:23: http.auth.tokens.ci: must not stand here: write \"${VARIABLE}\", or use "
              "tokens_file\n");
}

TEST_F(the_auth, refuses_tokens_that_are_guessed_or_do_not_fit_a_field) {
    EXPECT_EQ(problems_with("http.auth.tokens.ci = \"${SHORT}\""),
              "1:23: http.auth.tokens.ci: must be of 16 to 1024 characters, as `openssl rand "
              "-base64 32` makes\n");
    EXPECT_EQ(problems_with("http.auth.tokens.ci = \"${BAD}\""),
              "1:23: http.auth.tokens.ci: must be of letters, digits and -._~+/, with = at the end "
              "only\n");
}

TEST_F(the_auth, needs_a_token) {
    EXPECT_EQ(problems_with("http.auth.reads = \"open\""),
              "1:6: http.auth: has no token: write tokens.NAME = \"${VARIABLE}\", or "
              "tokens_file.NAME = \"FILE\"\n");
    write("a", secret);
    EXPECT_EQ(problems_with("http.auth = { tokens.ci = \"${TOKEN}\", tokens_file.ci = \"a\" }"),
              "1:56: http.auth.tokens_file.ci: there are two tokens of this name\n");
}

TEST_F(the_auth, goes_with_writes_off_loopback_and_not_with_public) {
    const std::string writes =
        "[[endpoint]]\nname = \"add\"\nmethod = \"POST\"\npath = \"/x\"\n"
        "sql = \"insert into t default values\"\nresult = \"changes\"\n";
    const std::string listen = "http.listen = \"0.0.0.0:80\"\nhttp.auth.tokens.ci = \"${TOKEN}\"\n";
    EXPECT_EQ(read(listen, database + writes).found.text(), "");
    EXPECT_EQ(problems_with("http.public = true\nhttp.auth.tokens.ci = \"${TOKEN}\""),
              "1:15: http.public: says that anyone may write, and auth that not: take one of them "
              "out\n");
}

TEST_F(the_auth, says_which_file_cannot_be_read_and_never_what_is_in_one) {
    const std::string path = folder_.string();
    EXPECT_EQ(problems_with("http.auth.tokens_file.ci = \"none\""),
              "1:28: http.auth.tokens_file.ci: " + path +
                  "/none cannot be read: No such file or directory\n");
    write("empty", "\n");
    EXPECT_EQ(problems_with("http.auth.tokens_file.ci = \"empty\""),
              "1:28: http.auth.tokens_file.ci: " + path + "/empty is empty\n");
    write("bad", std::string{secret} + "\nand more\n");
    EXPECT_EQ(problems_with("http.auth.tokens_file.ci = \"bad\""),
              "1:28: http.auth.tokens_file.ci: must be of letters, digits and -._~+/, with = at "
              "the end only\n");
}

TEST_F(the_auth, advises_against_a_file_that_anybody_may_read) {
    using perms = fs::perms;
    const fs::path file = write("open", secret, perms::owner_read | perms::others_read);
    const config_reading all = read("http.auth.tokens_file.ci = \"open\"");
    EXPECT_EQ(all.found.text(), "");
    EXPECT_EQ(all.advice.text(), (folder_ / "t.toml").string() +
                                     ":1:28: http.auth.tokens_file.ci: anybody on this machine may "
                                     "read " +
                                     file.string() + ": chmod o-r\n");
}

TEST_F(the_auth, takes_the_databases_url_from_a_file) {
    write("url", "sqlite:there.db\r\n");
    const config_reading all = read("", "database.url_file = \"url\"\n");
    EXPECT_EQ(all.found.text(), "");
    EXPECT_EQ(all.read.database.file, folder_ / "there.db");
    EXPECT_EQ(all.effective.toml().find("there.db"), std::string::npos);
    write("bad", secret);
    EXPECT_EQ(problems_with("database.url_file = \"bad\"").substr(0, 43),
              "1:21: database.url_file: is there beside ur");
    const std::string bad = read("", "database.url_file = \"bad\"\n").found.text();
    EXPECT_NE(bad.find("database.url_file: must begin with \"sqlite:\""), std::string::npos) << bad;
    EXPECT_EQ(bad.find(secret), std::string::npos);
}

TEST_F(the_auth, is_each_listeners_own) {
    const config_reading all = read("frames.auth.tokens.ci = \"${TOKEN}\"");
    ASSERT_EQ(all.found.text(), "");
    EXPECT_FALSE(all.read.http.auth.in_use());
    ASSERT_EQ(all.read.frames.auth.tokens.size(), 1U);
    EXPECT_EQ(all.read.frames.auth.tokens[0].secret, secret);
}

class the_token_of_a_caller : public the_auth {
protected:
    // Or why there is none.
    std::string token(const std::string& file, const environment_variables& variables = fixed({})) {
        const auto read = read_caller_token(file, variables);
        const std::string text = read ? "token " + *read : read.error().message();
        EXPECT_TRUE(read || text.find(secret) == std::string::npos) << text;
        return text;
    }
};

TEST_F(the_token_of_a_caller, comes_from_a_file_or_else_from_the_environment) {
    const environment_variables variables = fixed({{"WEIR_TOKEN", "0123456789abcdef"}});
    EXPECT_EQ(token(""), "token ");
    EXPECT_EQ(token("", variables), "token 0123456789abcdef");
    EXPECT_EQ(token(write("t", std::string{secret} + '\n').string(), variables),
              "token " + std::string{secret});
}

TEST_F(the_token_of_a_caller, is_refused_where_it_is_none) {
    EXPECT_EQ(token("", fixed({{"WEIR_TOKEN", "a b"}})),
              "WEIR_TOKEN must be of 16 to 1024 characters, as `openssl rand -base64 32` makes");
    const std::string bad = write("bad", std::string{secret} + "\nx").string();
    EXPECT_EQ(token(bad), "the token in " + bad +
                              " must be of letters, digits and -._~+/, with = at the end only");
    const std::string none = (folder_ / "none").string();
    EXPECT_EQ(token(none), none + " cannot be read: No such file or directory");
    const std::string empty = write("empty", "\n").string();
    EXPECT_EQ(token(empty), empty + " is empty");
}

TEST(the_admin_pages, take_names_without_a_port) {
    EXPECT_EQ(config_with("admin.hosts = [\"metrics.lan\", \"[::1]\"]").admin.hosts,
              (std::vector<std::string>{"metrics.lan", "[::1]"}));
    for (const std::string wrong : {"metrics.lan:80", "", "http://x", "a b", "::1"})
        EXPECT_EQ(app::problems_with("admin.hosts = [\"" + wrong + "\"]"),
                  "t.toml:1:15: admin.hosts: must be of names as in a URL, without port: "
                  "\"weir.example.org\"\n")
            << wrong;
    EXPECT_EQ(app::problems_with("admin.hosts = [1]"),
              "t.toml:1:16: admin.hosts: must be an array of texts\n");
}

}  // namespace
}  // namespace weir::app
