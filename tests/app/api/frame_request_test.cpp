// A call as a frame brings it.

#include "app/api/frame_request.hpp"

#include <gtest/gtest.h>

#include "app/config/config_fixture.hpp"
#include "app/data/database_check.hpp"
#include "db/house.hpp"

namespace weir::app {
namespace {

using namespace std::chrono_literals;

class the_frame_request : public db::house {
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
        request_.emplace(blocks_);
        const auto read = request_->read(as_bytes(text), input_, *service_);
        return read ? "" : std::string{read.error().text()};
    }
    std::string id() {
        io::block_writer body{blocks_};
        json::writer json{body};
        request_->write_id(json);
        return std::string{as_text(body.all_parts().next().value())};
    }

    class log log_{"test", weir::log_level::off};
    io::block_pool blocks_;
    json::reader input_;
    std::optional<data_service> service_;
    std::optional<frame_request> request_;
};

TEST_F(the_frame_request, names_an_endpoint_and_its_parameters) {
    EXPECT_EQ(wrong(R"({"params":{"prefix":"x"},"call":"vendor","id":7})"), "");
    EXPECT_EQ(id(), "7");
    EXPECT_EQ(request_->which()->config.name, "vendor");
    EXPECT_EQ(request_->with().bind().find("prefix")->as_text(), "x");
    EXPECT_EQ(request_->timeout(), 30s);
}

TEST_F(the_frame_request, echoes_an_id_of_either_kind) {
    EXPECT_EQ(wrong(R"({"id":"a\"b","call":"vendor"})"), "");
    EXPECT_EQ(id(), R"("a\"b")");
    EXPECT_EQ(wrong(R"({"id":-1,"call":"vendor"})"), "");
    EXPECT_EQ(id(), "-1");
}

TEST_F(the_frame_request, shortens_a_timeout_and_never_extends_it) {
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","timeout_ms":500})"), "");
    EXPECT_EQ(request_->timeout(), 500ms);
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","timeout_ms":50000})"), "");
    EXPECT_EQ(request_->timeout(), 30s);
}

TEST_F(the_frame_request, says_what_is_wrong) {
    EXPECT_EQ(wrong(R"({"call":"vendor"})"), "id is missing");
    EXPECT_EQ(wrong(R"({"id":1})"), "call is missing");
    EXPECT_EQ(wrong(R"({"id":1,"call":"none"})"), "there is no call none");
    EXPECT_EQ(wrong(R"({"id":1,"call":7})"), "call must be a text");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":[]})"), "params must be an object");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","more":1})"),
              "a call has id, call, params and timeout_ms, and no more");
    EXPECT_EQ(wrong(R"({"id":1,"id":2,"call":"vendor"})"), "id is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","call":"vendor"})"), "call is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":{},"params":{}})"),
              "params is given twice");
    EXPECT_EQ(wrong(R"({"id":1.5,"call":"vendor"})"),
              "id must be an integer, or a text of at most 64 bytes");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","timeout_ms":0})"),
              "timeout_ms must be an integer from 1 to 86400000");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":{"prefix":"a","prefix":"b"}})"),
              "prefix is given twice");
    EXPECT_EQ(wrong(R"({"id":1,"call":"vendor","params":{"perfix":"a"}})"),
              "there is no parameter perfix; did you mean \"prefix\"?");
}

TEST_F(the_frame_request, knows_its_id_although_something_before_it_is_wrong) {
    EXPECT_NE(wrong(R"({"call":7,"id":8})"), "");
    EXPECT_EQ(id(), "8");
}

}  // namespace
}  // namespace weir::app
