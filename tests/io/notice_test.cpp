#include "weir/io/notice.hpp"

#include <vector>

#include <gtest/gtest.h>

#include "task/driver.hpp"

namespace weir::inline v0::io {
namespace {

task<> notes_notice(notice& of, std::vector<errc>& outcomes) {
    const auto told = co_await of;
    outcomes.push_back(told ? errc{} : told.error().code());
}

class a_notice : public testing::Test {
protected:
    task_scope make_scope() {
        return task_scope{environment{driver_.loop(), driver_.stop()},
                          [](const error&) { FAIL(); }};
    }

    std::vector<errc> outcomes_;
    driver driver_;
    notice notice_{driver_.loop()};
};

TEST_F(a_notice, arrives_behind_what_was_posted_before_also_for_who_begins_to_wait_later) {
    class begins_to_wait final : public runnable {
    public:
        begins_to_wait(driver& on, notice& of, std::vector<errc>& to) : on_{on}, of_{of}, to_{to} {}
        void run() noexcept override {
            on_.scope().spawn(notes_notice(of_, to_));
            EXPECT_TRUE(to_.empty()) << "the notice is behind this";
        }

    private:
        driver& on_;
        notice& of_;
        std::vector<errc>& to_;
    };
    begins_to_wait posted{driver_, notice_, outcomes_};
    driver_.loop().post(posted);
    notice_.give();
    notice_.give();
    driver_.run();
    EXPECT_EQ(outcomes_, std::vector{errc{}});
}

TEST_F(a_notice, that_was_waited_for_by_a_destroyed_task_leaves_nothing_behind) {
    for (const bool given : {false, true}) {
        auto dies = make_scope();
        dies.spawn(notes_notice(notice_, outcomes_));
        if (given) {
            notice_.give();
            driver_.loop().advance(driver_.now());
        }
    }
    driver_.run();
    EXPECT_TRUE(outcomes_.empty());
}

TEST_F(a_notice, that_a_stop_has_overtaken_is_still_there_for_the_next) {
    auto stopped = make_scope();
    stopped.spawn(notes_notice(notice_, outcomes_));
    stopped.request_stop();
    notice_.give();
    driver_.run();
    driver_.scope().spawn(notes_notice(notice_, outcomes_));
    EXPECT_EQ(outcomes_, (std::vector{errc::canceled, errc{}}));
}

}  // namespace
}  // namespace weir::inline v0::io
