// BEHAVIOUR.md "Frames", for frames of other kinds over a connection: lines, lengths that are
// varints, and a codec that the library does not know.
#include <vector>

#include <gtest/gtest.h>

#include "weir/frame/framed.hpp"
#include "weir/task/when_all.hpp"

#include "frame/sent_split.hpp"
#include "net/counting_transport.hpp"
#include "net/stage.hpp"

namespace weir::inline v0::frame {
namespace {

using namespace std::chrono_literals;
using net::connection;
using net::stage;
using lines = basic_framed<delimiter_codec>;
using messages = basic_framed<varint_codec>;

class framed_codecs_test : public net::stage_test {};

INSTANTIATE_TEST_SUITE_P(on, framed_codecs_test, testing::ValuesIn(net::stage_names()),
                         io::name_of);

std::string varint_wire(std::string_view payload) {
    header_buffer buffer;
    const auto header = varint_codec{}.encode_header(payload.size(), buffer);
    return std::string{as_text(*header)} + std::string{payload};
}

template <class Framed>
task<result<>> every_split_of(stage& on, std::string bytes, std::vector<std::string> expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    Framed frames{here};
    for (std::size_t split = 0; split < bytes.size(); ++split) {
        auto [sent, got] =
            co_await when_all(send_split(*far, here, bytes, split), take(frames, expected.size()));
        EXPECT_TRUE(sent.has_value());
        EXPECT_TRUE(got.has_value() && *got == expected) << "split at " << split;
    }
    co_return {};
}

// "Every split of the same bytes gives the same frames".
TEST_P(framed_codecs_test, delivers_the_same_frames_however_the_bytes_are_split) {
    run(every_split_of<lines>(*stage_, "\nhello\n" + std::string(40, 'x') + "\n",
                              {"", "hello", std::string(40, 'x')}));
    const std::string longer = io::pattern(130);
    run(every_split_of<messages>(*stage_, varint_wire("") + varint_wire(longer), {"", longer}));
}

template <class Framed>
task<result<>> ends_as(stage& on, std::string bytes, errc expected) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    Framed frames{here};
    const auto sending = [](io::transport& to, std::string all) -> task<result<>> {
        co_await or_return(io::send_text(to, std::move(all)));
        to.shutdown();
        co_return {};
    };
    const auto reading = [](Framed& from, errc why) -> task<result<>> {
        for (int i = 0; i < 2; ++i) {
            const auto frame = co_await from.next();
            EXPECT_EQ(frame ? errc{} : frame.error().code(), why);
        }
        co_return {};
    };
    auto [sent, read] = co_await when_all(sending(*far, bytes), reading(frames, expected));
    EXPECT_TRUE(sent && read);
    co_return {};
}

// "End of stream inside a prefix or a payload is an error and delivers nothing".
TEST_P(framed_codecs_test, tells_an_end_between_two_frames_from_one_inside_a_frame) {
    run(ends_as<lines>(*stage_, "", errc::end_of_stream));
    run(ends_as<lines>(*stage_, "hell", errc::malformed));
    run(ends_as<messages>(*stage_, "", errc::end_of_stream));
    run(ends_as<messages>(*stage_, "\x80", errc::malformed));
    run(ends_as<messages>(*stage_, "\x05hell", errc::malformed));
}

TEST_P(framed_codecs_test, refuses_what_no_frame_can_be) {
    run(ends_as<lines>(*stage_, std::string(65'537, 'x'), errc::too_large));
    run(ends_as<messages>(*stage_, "\xFF\xFF\xFF\xFF\x0F", errc::too_large));
    run(ends_as<messages>(*stage_, std::string("\x80\0", 2), errc::malformed));
}

template <class Framed>
task<result<>> there_and_back(stage& on, std::vector<std::string> payloads) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    connection there{std::move(far), on.loop(), on.options};
    Framed frames{here};
    Framed peer{there};
    const auto echo = [](Framed& through) -> task<result<>> {
        while (auto frame = co_await through.next()) co_await or_return(through.send(*frame));
        co_return {};
    };
    task_scope serving{on.loop().env(), [](const error& why) { ADD_FAILURE() << why.message(); }};
    serving.spawn(echo(frames));
    for (const std::string& each : payloads) {
        co_await or_return(peer.send(as_bytes(each)));
        const frame_view answer = co_await or_return(peer.next());
        EXPECT_TRUE(answer.text() == each) << each.size();
    }
    co_return {};
}

// Below and above what send() copies.
TEST_P(framed_codecs_test, carries_frames_of_any_size_there_and_back) {
    std::vector<std::string> payloads;
    for (const unsigned size : {0U, 1U, 127U, 128U, 4096U, 4097U, 60'000U}) {
        payloads.emplace_back(size, 'y');
    }
    run(there_and_back<lines>(*stage_, payloads));
    payloads.push_back(io::pattern(200'000));
    run(there_and_back<messages>(*stage_, payloads));
}

task<result<>> many_lines(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    auto counting = std::make_unique<net::counting_transport>(std::move(near));
    const net::counting_transport& asked = *counting;
    connection here{std::move(counting), on.loop(), on.options};
    lines frames{here};
    std::string expected;
    for (int i = 0; i < 100; ++i) {
        const std::string text = "line " + std::to_string(i);
        EXPECT_TRUE(frames.write(as_bytes(text)).has_value());
        expected += text + "\n";
    }
    co_await or_return(frames.flush());
    EXPECT_EQ(asked.sends, 1);
    EXPECT_TRUE((co_await io::receive_text(*far, expected.size())).value_or("") == expected);
    co_return {};
}

TEST_P(framed_codecs_test, sends_many_frames_with_one_flush) { run(many_lines(*stage_)); }

task<result<>> refused_lines(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    lines frames{here};
    const auto two = co_await frames.send(as_bytes("two\nlines"));
    EXPECT_EQ(two.error(), errc::invalid_argument);
    const std::string longest(65'536, 'x');
    EXPECT_EQ(frames.write(as_bytes(longest + "x")).error(), errc::too_large);
    // With its delimiter it is larger than what may ever wait to be sent.
    const auto bounded = co_await frames.send(as_bytes(longest));
    EXPECT_EQ(bounded.error(), errc::overloaded);
    EXPECT_EQ(here.unsent(), 0U);
    const std::string fits(65'535, 'x');
    co_await or_return(frames.send(as_bytes(fits)));
    EXPECT_TRUE((co_await io::receive_text(*far, 65'536)).value_or("") == fits + "\n");
    co_return {};
}

TEST_P(framed_codecs_test, refuses_whole_frames_and_never_parts_of_them) {
    stage_->options.output_limit = 65'536;
    run(refused_lines(*stage_));
}

// Lines, and how many bytes were looked at to find them.
class watched_lines {
public:
    class options {
    public:
        options() = default;
        explicit options(std::size_t& looked_at) : looked_at_{&looked_at} {}

    private:
        friend class watched_lines;
        std::size_t* looked_at_ = nullptr;
    };

    explicit watched_lines(const options& given) : looked_at_{given.looked_at_} {}
    decoded decode(bytes_view input, std::size_t seen = 0) const noexcept {
        *looked_at_ += input.size() - seen;
        return lines_.decode(input, seen);
    }
    result<envelope> encode(bytes_view payload, header_buffer& into) const noexcept {
        return lines_.encode(payload, into);
    }
    ending at_end(bytes_view input) const noexcept { return lines_.at_end(input); }
    std::size_t max_frame_length() const noexcept { return lines_.max_frame_length(); }

private:
    std::size_t* looked_at_;
    delimiter_codec lines_;
};
static_assert(searching_codec<watched_lines> && !announcing_codec<watched_lines>);

task<result<>> drip_a_line(stage& on) {
    auto [near, far] = co_await or_return(on.link());
    connection here{std::move(near), on.loop(), on.options};
    std::size_t looked_at = 0;
    basic_framed<watched_lines> frames{here, watched_lines::options{looked_at}};
    const std::string bytes = std::string(2000, 'x') + "\nsecond\n";
    const auto dripping = [](io::transport& to, connection& at,
                             std::string_view all) -> task<result<>> {
        for (std::size_t sent = 0; sent < all.size(); ++sent) {
            co_await or_return(io::send_text(to, std::string(1, all[sent])));
            while (at.received_bytes() <= sent) co_await sleep(100us);
        }
        co_return {};
    };
    auto [sent, got] = co_await when_all(dripping(*far, here, bytes), take(frames, 2));
    EXPECT_TRUE(sent.has_value());
    EXPECT_EQ(got.value_or(std::vector<std::string>{}).size(), 2U);
    EXPECT_LE(looked_at, bytes.size());
    co_return {};
}

TEST_P(framed_codecs_test, looks_at_each_byte_once_however_a_line_comes) {
    run(drip_a_line(*stage_));
}

}  // namespace
}  // namespace weir::inline v0::frame
