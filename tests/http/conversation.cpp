#include "conversation.hpp"

#include <algorithm>
#include <cstring>
#include <memory>

#include <gtest/gtest.h>

#include "weir/http/request_machine.hpp"

namespace weir::http {
namespace {

// The driver's part. Every call sees the unconsumed bytes in a place of their own that is exactly
// as large as they are, so that a sanitizer sees a read beyond them, or of bytes that moved.
class driver {
public:
    explicit driver(const limits& bounds) : machine_{bounds} {}

    void feed(std::string_view piece) {
        pending_ += piece;
        while (step()) {
        }
    }

    std::string finish() {
        if (in_body_) log_ += '\n';
        if (machine_.now() == request_machine::state::rejected) return log_;
        const bool closed = machine_.now() == request_machine::state::closed;
        const auto ending = machine_.end_of_stream();
        if (closed) return log_ + "closed\n";
        return log_ + (ending == request_machine::ending::clean ? "clean\n" : "premature\n");
    }

private:
    bool step() {
        auto place = std::make_unique<std::byte[]>(pending_.size());
        const bytes_span input{place.get(), pending_.size()};
        if (!pending_.empty()) std::memcpy(place.get(), pending_.data(), pending_.size());
        const action found = machine_.next(input, head_);
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
        if (found.what == action::kind::head) write_head();
        if (found.what == action::kind::end) log_ += "end\n";
        if (found.what == action::kind::reject) write_rejection(found);
    }

    void write_head() {
        log_ += "head " + std::string{to_string(head_.method())} + ' ';
        log_ += head_.path();
        if (!head_.query().empty()) (log_ += '?') += head_.query();
        (log_ += ' ') += to_string(head_.version());
        (log_ += " host=") += head_.host();
        log_ += " fields=" + std::to_string(head_.fields().size());
        if (head_.content_length()) log_ += " length=" + std::to_string(*head_.content_length());
        if (head_.chunked()) log_ += " chunked";
        if (!head_.keep_alive()) log_ += " close";
        if (head_.expects_continue()) log_ += " expects-continue";
        log_ += '\n';
    }

    void write_rejection(const action& found) {
        log_ += "reject " + std::to_string(code_of(status_of(found.why))) + ' ';
        log_ += to_string(found.why);
        log_ += " at " + std::to_string(found.offset) + '\n';
    }

    request_machine machine_;
    request_head head_;
    std::string pending_;
    std::string log_;
    bool in_body_ = false;
    std::unique_ptr<std::byte[]> place_;  // views of the head at hand lie here
};

// Longer inputs are cut in fewer places, for the time it takes.
constexpr std::size_t all_splits = 1'000;
constexpr std::size_t some_splits = 150;

std::string converse_bytewise(std::string_view input, const limits& bounds) {
    driver drive{bounds};
    for (std::size_t at = 0; at < input.size(); ++at) drive.feed(input.substr(at, 1));
    return drive.finish();
}

}  // namespace

std::string converse(const std::vector<std::string_view>& pieces, const limits& bounds) {
    driver drive{bounds};
    for (const std::string_view piece : pieces) drive.feed(piece);
    return drive.finish();
}

std::string converse_at_every_split(std::string_view input, const limits& bounds) {
    const std::string whole = converse({input}, bounds);
    EXPECT_EQ(converse_bytewise(input, bounds), whole) << "byte by byte";
    const std::size_t stride = input.size() > all_splits ? input.size() / some_splits : 1;
    const std::size_t dense = input.size() - std::min(input.size(), all_splits / 10);
    for (std::size_t at = 1; at < input.size(); at += at < dense ? stride : 1) {
        const std::string split = converse({input.substr(0, at), input.substr(at)}, bounds);
        EXPECT_EQ(split, whole) << "split at " << at;
        if (split != whole) break;
    }
    return whole;
}

std::string verdict(std::string_view input, const limits& bounds) {
    const std::string said = converse_at_every_split(input, bounds);
    const std::size_t rejection = said.find("reject ");
    if (rejection == std::string::npos) return said.ends_with("premature\n") ? "premature" : "read";
    return said.substr(rejection + 7, said.rfind(" at ") - rejection - 7);
}

}  // namespace weir::http
