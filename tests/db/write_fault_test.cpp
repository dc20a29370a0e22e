// Writes on a disk that is full, or fails, and on a file that somebody else has locked.
#include <gtest/gtest.h>

#include "failing_vfs.hpp"
#include "write_house.hpp"

namespace weir::inline v0::db {
namespace {

using namespace std::chrono_literals;

std::vector<timed_write> inserts(int count, int bytes) {
    const std::string sql = "insert into t values(zeroblob(" + std::to_string(bytes) + "))";
    return std::vector<timed_write>(static_cast<std::size_t>(count), {sql});
}

class writes_on_a_full_disk : public write_house {
protected:
    void SetUp() override { ASSERT_TRUE(write("create table t(x)")); }
    void limit_pages(int pages) {
        ASSERT_TRUE(write("pragma max_page_count = " + std::to_string(pages)));
    }
};

TEST_F(writes_on_a_full_disk, fail_together_while_reads_go_on_and_recover_with_the_space) {
    ASSERT_EQ(write_at_once(inserts(2, 10)).codes(), std::vector<errc>(2, ok));
    limit_pages(10);
    const auto failed = write_at_once(inserts(20, 4000));
    EXPECT_EQ(failed.codes(), std::vector<errc>(20, errc::storage))
        << "nothing of a transaction that met a full disk is there";
    EXPECT_EQ(count("t"), 2);
    EXPECT_EQ(write_at_once(inserts(1, 10)).codes(), std::vector<errc>(1, ok)) << "what fits";
    limit_pages(1'000'000);
    EXPECT_EQ(write_at_once(inserts(20, 4000)).codes(), std::vector<errc>(20, ok));
    EXPECT_EQ(count("t"), 23);
    EXPECT_EQ((*read("pragma integrity_check"))[0][0].as_text(), "ok");
}

class writes_on_a_failing_disk : public write_house {
protected:
    void SetUp() override { ASSERT_TRUE(write("create table t(x)")); }

    // Made before the database opens its files, and gone after.
    failing_vfs& disk() { return *disk_; }

private:
    failing_vfs::mounted disk_;
};

TEST_F(writes_on_a_failing_disk, do_not_know_their_outcome_where_the_sync_failed) {
    ASSERT_EQ(write_at_once(inserts(2, 10)).codes(), std::vector<errc>(2, ok));
    disk().fail_syncs(true);
    EXPECT_EQ(write_at_once(inserts(3, 10)).codes(), std::vector<errc>(3, errc::outcome_unknown));
    const std::int64_t found = count("t");
    EXPECT_TRUE(found == 2 || found == 5) << "reads go on, and the log tells: " << found;
    disk().fail_syncs(false);
    EXPECT_EQ(write_at_once(inserts(3, 10)).codes(), std::vector<errc>(3, ok));
    EXPECT_EQ(count("t"), found + 3);
    EXPECT_EQ(database().stats().writer.discarded, 1U) << "a connection nobody trusts any more";
    EXPECT_EQ((*read("pragma integrity_check"))[0][0].as_text(), "ok");
}

class writes_on_a_locked_file : public write_house {
protected:
    writes_on_a_locked_file() : write_house{impatient()} {}
    static database_options impatient() {
        database_options options = creating();
        options.busy_timeout = 60ms;
        return options;
    }
};

TEST_F(writes_on_a_locked_file, are_refused_together_and_succeed_later) {
    ASSERT_TRUE(write("create table t(x)"));
    stranger other{path()};
    other.run("begin immediate; insert into t values(2)");
    EXPECT_EQ(write_at_once(inserts(3, 10)).codes(), std::vector<errc>(3, errc::overloaded));
    other.run("rollback");
    EXPECT_EQ(write_at_once(inserts(3, 10)).codes(), std::vector<errc>(3, ok));
    EXPECT_EQ(count("t"), 3);
}

}  // namespace
}  // namespace weir::inline v0::db
