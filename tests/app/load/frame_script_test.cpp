#include "app/load/frame_script.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "app/load/raw_frame_script.hpp"

namespace weir::app {
namespace {

std::string framed(std::string_view payload) {
    const auto size = static_cast<std::uint32_t>(payload.size());
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) bytes += static_cast<char>(size >> shift);
    return bytes.append(payload);
}

frame_script::words vendor(std::vector<std::string> params) {
    frame_script::words said;
    said.call = "vendor";
    said.params = std::move(params);
    return said;
}

std::string first_frame(std::vector<std::string> params) {
    const auto made = frame_script::make(vendor(std::move(params)), 1);
    return made ? std::string{(*made)->frame(0)} : "refused";
}

TEST(frame_script, writes_a_call_with_its_parameters) {
    EXPECT_EQ(
        first_frame({"prefix=080030", "n:=3", "all:=[1, 2]"}),
        framed(R"({"id":0,"call":"vendor","params":{"prefix":"080030","n":3,"all":[1, 2]}})"));
    EXPECT_EQ(first_frame({}), framed(R"({"id":0,"call":"vendor","params":{}})"));
}

TEST(frame_script, refuses_parameters_that_are_none) {
    for (const auto* word : {"prefix", "=a", "n:=", "n:=x", "n:=1, \"b\": 2", "n:=1}, \"b\": {"})
        EXPECT_EQ(first_frame({word}), "refused") << word;
}

class frame_dialogue_test : public testing::Test {
protected:
    // Answered places, refusals, and how it ends.
    std::string read(std::string_view text) {
        std::string said;
        while (!text.empty()) {
            const heard found = dialogue_->read(as_bytes(text));
            text.remove_prefix(found.consumed);
            if (found.what == heard::kind::answered) {
                said += std::to_string(found.place) + ' ';
                if (!found.refusal.empty()) (said += found.refusal) += ' ';
            }
            if (found.what == heard::kind::malformed) return said + "malformed";
            if (found.what == heard::kind::need_more) return said + "more";
        }
        return said;
    }

    std::unique_ptr<frame_script> script_ = frame_script::make(vendor({}), 3).value();
    std::unique_ptr<dialogue> dialogue_ = script_->begin(3);
    const std::string hello_ = framed(R"({"hello":{"protocol":"weir","version":1}})");
};

TEST_F(frame_dialogue_test, takes_answers_in_any_order) {
    EXPECT_EQ(dialogue_->greeting(), framed(R"({"hello":{"protocol":"weir","version":1}})"));
    EXPECT_EQ(dialogue_->next().place, 0U);
    EXPECT_EQ(dialogue_->next().place, 1U);
    EXPECT_EQ(dialogue_->next().place, 2U);
    EXPECT_EQ(read(hello_ + framed(R"({"id":2,"rows":[]})") + framed(R"({"id":0,"row":null})")),
              "2 0 ");
    EXPECT_EQ(dialogue_->next().place, 0U);
    EXPECT_EQ(read(framed(R"({"id":0,"rows":[],"new":1})") + framed(R"({"id":1,"rows":[]})")),
              "0 1 ");
}

TEST_F(frame_dialogue_test, names_what_a_call_was_refused_with) {
    (void)dialogue_->next();
    EXPECT_EQ(read(hello_ + framed(R"({"id":0,"error":{"title":"x","code":"overloaded"}})")),
              "0 overloaded ");
}

TEST_F(frame_dialogue_test, starts_no_call_behind_a_goodbye) {
    (void)dialogue_->next();
    EXPECT_EQ(read(hello_ + framed(R"({"goodbye":{"reason":"draining"}})")), "");
    EXPECT_FALSE(dialogue_->goes_on());
    EXPECT_EQ(read(framed(R"({"id":0,"rows":[]})")), "0 ");
}

TEST_F(frame_dialogue_test, refuses_what_is_no_answer_to_it) {
    for (const std::string& text :
         {framed(R"({"id":0,"rows":[]})"), framed(""), framed("[]"), hello_ + framed(R"({"id":9})"),
          hello_ + framed(R"({"id":0,"rows":[]})") + framed(R"({"id":0,"rows":[]})"),
          hello_ + framed(R"({"id":1})"), std::string{"\xFF\xFF\xFF\xFF"}}) {
        dialogue_ = script_->begin(3);
        (void)dialogue_->next();
        EXPECT_TRUE(read(text).ends_with("malformed")) << text;
    }
    dialogue_ = script_->begin(3);
    EXPECT_EQ(read(hello_.substr(0, 9)), "more");
}

TEST_F(frame_dialogue_test, takes_an_error_of_the_connection_for_all_that_is_in_flight) {
    const std::string error = framed(R"({"id":null,"error":{"code":"permission_denied"}})");
    for (const std::string& before : {std::string{}, hello_}) {
        dialogue_ = script_->begin(3);
        EXPECT_FALSE(dialogue_->turned_away());
        (void)dialogue_->next();
        (void)dialogue_->next();
        EXPECT_EQ(read(before + error), "0 permission_denied 1 permission_denied ");
        EXPECT_TRUE(dialogue_->turned_away());
        EXPECT_FALSE(dialogue_->goes_on());
    }
    dialogue_ = script_->begin(3);
    EXPECT_EQ(read(error), "");
    EXPECT_FALSE(dialogue_->goes_on());
}

TEST(frame_script, says_its_token_in_the_hello) {
    frame_script::words said = vendor({});
    said.token = "abc=";
    const auto made = frame_script::make(said, 1).value();
    EXPECT_EQ(made->hello(), framed(R"({"hello":{"protocol":"weir","version":1,"token":"abc="}})"));
}

TEST(raw_frame_script, counts_frames_that_come_back) {
    const auto script = raw_frame_script::make("", 3).value();
    EXPECT_EQ(script->frame(), framed("xxx"));
    const auto echo = script->begin(2);
    EXPECT_EQ(echo->next().place, 0U);
    EXPECT_EQ(echo->next().place, 1U);
    const std::string two = framed("xxx") + framed("xxx");
    EXPECT_EQ(echo->read(as_bytes(two)).consumed, 7U);
    EXPECT_EQ(echo->read(as_bytes(two)).place, 1U);
    EXPECT_EQ(echo->read(as_bytes(two)).what, heard::kind::malformed) << "nothing was asked";
    EXPECT_FALSE(raw_frame_script::make("", std::size_t{9} * 1024 * 1024).has_value());
}

}  // namespace
}  // namespace weir::app
