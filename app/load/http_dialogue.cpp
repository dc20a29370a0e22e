#include "app/load/http_dialogue.hpp"

#include <fmt/format.h>

namespace weir::app {
namespace {

constexpr unsigned first_error = 400;

}  // namespace

dialogue::request http_dialogue::next() noexcept {
    if (machine_.idle()) machine_.expect(words_.method);
    ++in_flight_;
    request made{words_.request, sent_};
    sent_ = sent_ + 1 == depth_ ? 0 : sent_ + 1;
    return made;
}

heard http_dialogue::read(bytes_view input) {
    std::size_t used = 0;
    for (;;) {
        const http::action step = machine_.next(input.subspan(used), head_);
        used += step.consumed;
        switch (step.what) {
            case http::action::kind::head:
            case http::action::kind::body:
                break;
            case http::action::kind::end:
                return answered(used);
            case http::action::kind::need_more:
                bytes_ += used;
                return heard::of(used > 0 ? heard::kind::progress : heard::kind::need_more, used);
            case http::action::kind::reject:
            case http::action::kind::closed:
                return heard::of(heard::kind::malformed);
        }
    }
}

heard http_dialogue::read_end() {
    if (machine_.end_of_stream() == http::response_machine::ending::clean && in_flight_ > 0 &&
        machine_.next({}, head_).what == http::action::kind::end)
        return answered(0);
    return heard::of(heard::kind::malformed);
}

heard http_dialogue::answered(std::size_t consumed) {
    heard found = heard::of(heard::kind::answered, consumed);
    found.place = answered_;
    found.bytes = bytes_ + consumed;
    bytes_ = 0;
    answered_ = answered_ + 1 == depth_ ? 0 : answered_ + 1;
    if (--in_flight_ > 0 && machine_.idle()) machine_.expect(words_.method);
    if (const unsigned code = http::code_of(head_.status()); code >= first_error) {
        refusal_ = fmt::format("status {}", code);
        found.refusal = refusal_;
    }
    return found;
}

}  // namespace weir::app
