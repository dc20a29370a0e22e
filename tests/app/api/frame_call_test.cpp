// A call over frames, from its message.

#include "app/api/frame_call.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

class the_frame_call : public db::house {
protected:
    void SetUp() override {
        ASSERT_TRUE(write("create table vendor (prefix text, name text)"));
        problems found{"t.toml"};
        auto served = check_endpoints(config_with(""), house::database(), found);
        ASSERT_EQ(found.text(), "");
        service_.emplace(house::database(), log_, std::move(served), std::chrono::seconds{30});
    }

    // What is wrong, or nothing.
    std::string wrong(std::string_view text) {
        const auto said = call::read(as_bytes(text), input_);
        if (!said) return "malformed: " + said.error().message();
        call_.emplace(blocks_, env_);
        const auto& asked = std::get<call::request>(*said);
        auto taken = call_->take(asked, *service_);
        if (taken) taken = call_->take_params(asked, input_);
        return taken ? "" : std::string{taken.error().text()};
    }

    class log log_{"test", weir::log_level::off};
    io::block_pool blocks_;
    json::reader input_;
    stop_node stop_;
    weir::environment env_{loop().scheduler(), stop_};
    std::optional<data_service> service_;
    std::optional<frame_call> call_;
};

TEST_F(the_frame_call, names_an_endpoint_and_its_parameters) {
    EXPECT_EQ(wrong(R"({"params":{"prefix":"x"},"call":"vendor","id":7})"), "");
    EXPECT_EQ(call_->id(), call::id{7});
    EXPECT_EQ(call_->which()->config.name, "vendor");
    EXPECT_EQ(call_->with().bind().find("prefix")->as_text(), "x");
    EXPECT_EQ(call_->timeout(), 30s);
}

TEST_F(the_frame_call, keeps_its_id_when_the_reader_goes_on) {
    ASSERT_EQ(wrong(R"({"id":"a\"b","call":"vendor"})"), "");
    ASSERT_TRUE(input_.parse(as_bytes(R"({"x":"yyyyyyyyy"})")));
    EXPECT_EQ(call_->id(), call::id{std::string_view{"a\"b"}});
}

TEST_F(the_frame_call, shortens_a_timeout_and_never_extends_it) {
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","timeout_ms":500})"), "");
    EXPECT_EQ(call_->timeout(), 500ms);
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","timeout_ms":50000})"), "");
    EXPECT_EQ(call_->timeout(), 30s);
}

TEST_F(the_frame_call, says_what_is_wrong) {
    EXPECT_EQ(wrong(R"({"id":1,"call":"none"})"), "there is no call none");
    EXPECT_EQ(wrong(R"({"id":1})"), "call is missing");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":{"prefix":"a","prefix":"b"}})"),
              "prefix is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":{"perfix":"a"}})"),
              "there is no parameter perfix; did you mean \"prefix\"?");
}

TEST_F(the_frame_call, knows_its_id_although_something_is_wrong) {
    EXPECT_NE(wrong(R"({"call":7,"id":8})"), "");
    EXPECT_EQ(call_->id(), call::id{8});
}

TEST_F(the_frame_call, is_stopped_with_whoever_serves_it) {
    ASSERT_EQ(wrong(R"({"id":1,"call":"vendor"})"), "");
    stop_.request();
    EXPECT_TRUE(call_->stop().requested());
}

}  // namespace
}  // namespace weir::app
