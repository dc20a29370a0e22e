// Drives a protocol machine the way a connection does, and writes down what it answers.
//
// Side is what differs between the two ends: its machine and its head, `prepare()` before each
// step, and `write_head(log)`.
#pragma once

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/action.hpp"
#include "weir/http/trailer_fields.hpp"

namespace weir::inline v0::http {

template <class Side>
class conversation_driver {
public:
    explicit conversation_driver(Side side) : side_{std::move(side)} {}

    void feed(std::string_view piece) {
        pending_ += piece;
        while (step()) {
        }
    }

    std::string finish() {
        using machine = typename Side::machine_type;
        if (in_body_) log_ += '\n';
        in_body_ = false;
        if (side_.machine().now() == machine::state::rejected) return log_;
        if (side_.machine().now() == machine::state::closed) return log_ + "closed\n";
        const bool clean = side_.machine().end_of_stream() == machine::ending::clean;
        feed("");  // what the end of the stream has completed
        return log_ + (clean ? "clean\n" : "premature\n");
    }

private:
    // Every call sees the unconsumed bytes in a place of their own that is exactly as large as they
    // are, so that a sanitizer sees a read beyond them, or of bytes that moved.
    bool step() {
        auto place = std::make_unique_for_overwrite<std::byte[]>(pending_.size());
        const bytes_span input{place.get(), pending_.size()};
        if (!pending_.empty()) std::memcpy(place.get(), pending_.data(), pending_.size());
        side_.prepare();
        const action found = side_.machine().next(input, side_.head());
        write_down(found);
        pending_.erase(0, found.consumed);
        place_ = std::move(place);
        return found.what != action::kind::need_more && found.what != action::kind::reject &&
               found.what != action::kind::closed;
    }

    void write_down(const action& found) {
        const bool goes_on =
            in_body_ && (found.what == action::kind::body || found.what == action::kind::need_more);
        if (in_body_ && !goes_on) log_ += '\n';
        if (found.what == action::kind::body) {
            if (!in_body_) log_ += "body ";
            log_ += as_text(found.body);
        }
        in_body_ = goes_on || found.what == action::kind::body;
        if (found.what == action::kind::head) side_.write_head(log_);
        if (found.what == action::kind::end) write_end(found);
        if (found.what == action::kind::reject) write_rejection(found);
    }

    void write_end(const action& found) {
        for (trailer_fields left{as_text(found.body)}; const auto each = left.next();)
            log_ += "trailer " + std::string{each->name} + '=' + std::string{each->value} + '\n';
        log_ += "end\n";
    }

    void write_rejection(const action& found) {
        log_ += "reject " + std::to_string(code_of(found.answer)) + ' ';
        log_ += to_string(found.why);
        log_ += " at " + std::to_string(found.offset) + '\n';
    }

    Side side_;
    std::string pending_;
    std::string log_;
    bool in_body_ = false;
    std::unique_ptr<std::byte[]> place_;  // views of the head at hand lie here
};

// Make makes a Side for each conversation.
template <class Make>
std::string converse_in(const std::vector<std::string_view>& pieces, const Make& make) {
    conversation_driver drive{make()};
    for (const std::string_view piece : pieces) drive.feed(piece);
    return drive.finish();
}

// Whole, byte by byte, and at every split in two; inputs over WEIR_ALL_SPLITS_UP_TO bytes are cut
// in fewer places, for the time it takes in builds that are slow. Fails the test where they differ;
// answers what the whole input gave.
template <class Make>
std::string converse_at_every_split_in(std::string_view input, const Make& make) {
    constexpr std::size_t some_splits = 150;
    constexpr std::size_t last_splits = 100;
    const std::string whole = converse_in({input}, make);
    std::vector<std::string_view> bytes;
    for (std::size_t at = 0; at < input.size(); ++at) bytes.push_back(input.substr(at, 1));
    EXPECT_EQ(converse_in(bytes, make), whole) << "byte by byte";
    const bool all = input.size() <= WEIR_ALL_SPLITS_UP_TO;
    const std::size_t stride = all ? 1 : input.size() / some_splits;
    const std::size_t dense = input.size() - std::min(input.size(), last_splits);
    for (std::size_t at = 1; at < input.size(); at += at < dense ? stride : 1) {
        const std::string split = converse_in({input.substr(0, at), input.substr(at)}, make);
        EXPECT_EQ(split, whole) << "split at " << at;
        if (split != whole) break;
    }
    return whole;
}

}  // namespace weir::inline v0::http
