#include "app/load/frame_dialogue.hpp"

#include <algorithm>

namespace weir::app {
namespace {

struct code_member final : json::visitor {
    result<> on_member(std::string_view name, const json::value& value) override {
        if (name == "code" && value.is == json::value::kind::text) code = value.text;
        return {};
    }
    std::string code;
};

}  // namespace

frame_dialogue::frame_dialogue(frame_script& of, std::size_t depth) : of_{&of}, asked_(depth) {
    for (std::size_t place = depth; place > 0; --place) free_.push_back(place - 1);
}

dialogue::request frame_dialogue::next() noexcept {
    request made;
    made.place = free_.back();
    made.bytes = as_bytes(of_->frame(made.place));
    free_.pop_back();
    asked_[made.place] = true;
    return made;
}

heard frame_dialogue::read(bytes_view input) {
    const frame::decoded found = of_->codec().decode(input);
    if (found.is_incomplete()) return heard::of(heard::kind::need_more);
    if (found.is_refused()) return heard::of(heard::kind::malformed);
    return take(found.payload(), found.consumed());
}

// Members that it does not know are ignored: so the protocol grows.
heard frame_dialogue::take(bytes_view payload, std::size_t consumed) {
    seen_ = {};
    if (!of_->reader().parse(payload) || !of_->reader().each_member(*this))
        return heard::of(heard::kind::malformed);
    if (seen_.error && seen_.null_id) return turn_away(consumed);
    if (!greeted_) {
        greeted_ = seen_.hello;
        return heard::of(greeted_ ? heard::kind::progress : heard::kind::malformed, consumed);
    }
    if (seen_.goodbye) {
        goodbye_ = true;
        return heard::of(heard::kind::progress, consumed);
    }
    if (!in_flight(seen_.id)) return heard::of(heard::kind::malformed);
    return answer(static_cast<std::size_t>(seen_.id), consumed);
}

// An error of the connection is the answer to all that is in flight: to one a time, and behind the
// last one its frame is over.
heard frame_dialogue::turn_away(std::size_t consumed) {
    turned_away_ = true;
    const auto waiting = std::ranges::count(asked_, true);
    goodbye_ = waiting <= 1;
    if (waiting == 0) return heard::of(heard::kind::progress, consumed);
    const auto first = std::ranges::find(asked_, true);
    return answer(static_cast<std::size_t>(first - asked_.begin()), goodbye_ ? consumed : 0);
}

heard frame_dialogue::answer(std::size_t place, std::size_t consumed) {
    heard answer = heard::of(heard::kind::answered, consumed);
    answer.bytes = consumed;
    answer.place = place;
    asked_[place] = false;
    free_.push_back(place);
    if (seen_.error) answer.refusal = refusal_ = error_code();
    return answer;
}

result<> frame_dialogue::on_member(std::string_view name, const json::value& value) {
    if (name == "hello") seen_.hello = true;
    if (name == "goodbye") seen_.goodbye = true;
    if (name == "error") seen_.error = true;
    if (name == "id") seen_.null_id = value.is == json::value::kind::null;
    if (name == "id" && value.is == json::value::kind::integer) seen_.id = value.integer;
    return {};
}

bool frame_dialogue::in_flight(std::int64_t id) const noexcept {
    return id >= 0 && static_cast<std::size_t>(id) < asked_.size() &&
           asked_[static_cast<std::size_t>(id)];
}

std::string frame_dialogue::error_code() {
    code_member found;
    if (!of_->reader().each_member_of("error", found) || found.code.empty()) return "error";
    return found.code;
}

}  // namespace weir::app
