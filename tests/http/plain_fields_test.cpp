#include "http/plain_fields.hpp"

#include <array>
#include <memory>
#include <string>
#include <string_view>

#include <gtest/gtest.h>

#include "weir/http/control_fields.hpp"

#include "http/field_line.hpp"

namespace weir::inline v0::http {
namespace {

using plain_fields::skimmer;

// In memory that ends with the text: what reads behind it is caught by ASan. As many bytes are
// before it, which would end a line.
class text_in_memory {
public:
    explicit text_in_memory(std::string_view text, std::size_t before = 21)
        : before_{before}, size_{text.size()} {
        text.copy(bytes_.get() + before_, size_);
    }
    const char* first() const { return bytes_.get() + before_; }
    const char* last() const { return bytes_.get() + before_ + size_; }
    field_lines_text until(const char* limit) const {
        return {bytes_.get(), first(), limit, last()};
    }

private:
    std::size_t before_;
    std::size_t size_;
    std::unique_ptr<char[]> bytes_ = std::make_unique<char[]>(before_ + size_);
};

class plain_fields_by : public testing::TestWithParam<skimmer (*)() noexcept> {
protected:
    void SetUp() override {
        if (skim_ == nullptr) GTEST_SKIP() << "not on this processor";
    }

    skimmed_fields skim(const text_in_memory& text, std::uint32_t most) {
        return skim_(text.until(text.last()), {fields_.data(), most});
    }
    // What is taken is what parse_field_line takes.
    void expect_the_same(const text_in_memory& text) {
        const skimmed_fields found = skim(text, 1);
        if (found.count == 0) {
            ASSERT_EQ(found.next, text.first());
            return;
        }
        field expected;
        const char* const next =
            parse_field_line(text.first(), text.last(), text.first(), expected).next;
        ASSERT_EQ(found.next, next);
        ASSERT_EQ(fields_[0].name, expected.name);
        ASSERT_EQ(fields_[0].value, expected.value);
        ASSERT_EQ(fields_[0].value.data(), expected.value.data());
    }

    std::array<field, 100> fields_;
    skimmer skim_ = GetParam()();
};

TEST_P(plain_fields_by, takes_a_line_as_the_other_parser_does_whatever_byte_is_in_it) {
    for (const std::size_t name : {1U, 14U, 31U, 32U}) {
        for (const std::size_t value : {1U, 27U, 64U, 70U}) {
            const std::string line =
                std::string(name, 'n') + ": " + std::string(value, 'v') + "\r\n";
            for (std::size_t place = 0; place < line.size(); ++place) {
                for (int byte = 0; byte < 256; ++byte) {
                    std::string text = line + "Next: line, which is long enough to load\r\n";
                    text[place] = static_cast<char>(byte);
                    expect_the_same(text_in_memory{text});
                }
            }
        }
    }
}

TEST_P(plain_fields_by, takes_a_line_that_is_the_last_in_memory) {
    for (const std::size_t before : {21U, 64U}) {
        for (std::size_t value = 1; value < 100; ++value) {
            const text_in_memory text{"Name: " + std::string(value, 'v') + "\r\n", before};
            expect_the_same(text);
            const bool whole_block = before + 6 + value + 2 >= 64;
            EXPECT_EQ(skim(text, 1).count, whole_block ? 1U : 0U) << value << " behind " << before;
        }
    }
}

TEST_P(plain_fields_by, leaves_a_line_whose_end_has_not_come) {
    const std::string whole = "Accept-Language: en-GB,en;q=0.9,de-DE;q=0.8,de;q=0.7\r\n";
    for (std::size_t size = 0; size < whole.size(); ++size) {
        EXPECT_EQ(skim(text_in_memory{whole.substr(0, size)}, 1).count, 0U) << size;
    }
}

TEST_P(plain_fields_by, stops_where_it_is_told_to) {
    std::string lines;
    for (int i = 0; i < 90; ++i) lines += "Accept: text/html\r\n";
    const text_in_memory text{lines + std::string(40, 'x')};
    EXPECT_EQ(skim(text, 7).count, 7U);
    EXPECT_EQ(skim(text, 100).count, 64U);
    const auto some = skim_(text.until(text.first() + 3 * 19), fields_);
    EXPECT_EQ(some.count, 3U);
    const auto less = skim_(text.until(text.first() + 3 * 19 - 1), fields_);
    EXPECT_EQ(less.count, 2U);
}

TEST_P(plain_fields_by, takes_nothing_where_no_line_may_end) {
    const text_in_memory text{"Accept: text/html\r\n" + std::string(64, 'x'), 0};
    for (int limit = 0; limit < 19; ++limit)
        EXPECT_EQ(skim_(text.until(text.first() + limit), fields_).count, 0U) << limit;
    EXPECT_EQ(skim_(text.until(text.first() + 19), fields_).count, 1U);
}

TEST_P(plain_fields_by, points_out_what_steers_the_connection) {
    const text_in_memory text{
        "Host: example.com\r\nCookie: a=b\r\ncontent-length: 12\r\n"
        "CONNECTION: close\r\n" +
        std::string(40, 'x')};
    const skimmed_fields found = skim(text, 100);
    EXPECT_EQ(found.count, 4U);
    EXPECT_EQ(found.known, 0b1101U);
}

INSTANTIATE_TEST_SUITE_P(vectors, plain_fields_by,
                         testing::Values(plain_fields::with_avx2, plain_fields::with_sse2),
                         [](const auto& info) { return info.index == 0 ? "avx2" : "sse2"; });

TEST(plain_fields, are_left_to_the_other_parser_without_vectors) {
    const text_in_memory text{"Accept: text/html\r\n" + std::string(64, 'x')};
    field content;
    const auto found = plain_fields::leave_all(text.until(text.last()), {&content, 1});
    EXPECT_EQ(found.next, text.first());
    EXPECT_EQ(found.count, 0U);
    EXPECT_EQ(found.known, 0U);
}

TEST(plain_fields, are_skimmed_the_fastest_way_or_left) {
    const text_in_memory text{"Accept: text/html\r\n" + std::string(40, 'x')};
    field content;
    const auto found = skim_plain_fields(text.until(text.last()), {&content, 1});
    const bool vectors =
        plain_fields::with_avx2() != nullptr || plain_fields::with_sse2() != nullptr;
    EXPECT_EQ(found.count, vectors ? 1U : 0U);
}

}  // namespace
}  // namespace weir::inline v0::http
