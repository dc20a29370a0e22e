// Which files are migrations.

#include "app/config/migration_files.hpp"

#include <fstream>

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "support/scratch_folder.hpp"

namespace weir::app {
namespace {

namespace fs = std::filesystem;

class the_migration_files : public ::testing::Test {
protected:
    the_migration_files() { fs::create_directories(folder_ / "m"); }

    void write(const std::string& name, const std::string& content = "select 1;\n") {
        std::ofstream{folder_ / "m" / name} << content;
    }

    config_reading read() {
        return read_config("database.migrations = \"m\"\n" + database + one_endpoint,
                           (folder_ / "t.toml").string(), fixed({}));
    }

    // Without what is the same for each.
    std::string problem() {
        const std::string text = read().found.text();
        const std::string begin =
            (folder_ / "t.toml").string() + ":1:23: database.migrations: " + folder_.string() + '/';
        EXPECT_TRUE(text.starts_with(begin)) << text;
        return text.substr(std::min(begin.size(), text.size()));
    }

    const test::scratch_folder scratch_;
    const fs::path folder_ = scratch_.path();
};

TEST_F(the_migration_files, come_in_the_order_of_their_numbers) {
    write("0010_j.sql");
    for (int number = 1; number < 10; ++number) write(std::to_string(number) + "_x.sql");
    write("README.md");
    const auto files = read().read.database.migrations;
    ASSERT_EQ(files.size(), 10U);
    EXPECT_EQ(files[0].file, folder_ / "m" / "1_x.sql");
    EXPECT_EQ(files[9].number, 10U);
    EXPECT_EQ(files[9].sql, "select 1;\n");
}

TEST_F(the_migration_files, are_the_same_in_every_checkout) {
    write("1_x.sql", "a\r\nb\rc\r\n");
    EXPECT_EQ(read().read.database.migrations.at(0).sql, "a\nb\rc\n");
}

TEST_F(the_migration_files, have_a_number_each) {
    write("0001_a.sql");
    write("sightings.sql");
    EXPECT_EQ(problem(), "m/sightings.sql has no number: call it 0001_name.sql\n");
}

TEST_F(the_migration_files, have_no_number_twice) {
    write("0001_a.sql");
    write("1_b.sql");
    EXPECT_EQ(problem(), "m/1_b.sql: there is another file of number 1\n");
}

TEST_F(the_migration_files, leave_out_no_number) {
    write("0001_a.sql");
    write("0003_b.sql");
    EXPECT_EQ(problem(), "m has no number 2, and has number 3\n");
}

TEST_F(the_migration_files, have_a_folder) {
    fs::remove_all(folder_ / "m");
    EXPECT_EQ(problem(), "m cannot be read: No such file or directory\n");
}

}  // namespace
}  // namespace weir::app
