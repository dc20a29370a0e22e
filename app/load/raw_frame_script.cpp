#include "app/load/raw_frame_script.hpp"

#include <fmt/format.h>

namespace weir::app {
namespace {

class raw_frame_dialogue final : public dialogue {
public:
    raw_frame_dialogue(const raw_frame_script& of, std::size_t depth) noexcept
        : of_{&of}, depth_{depth} {}

    request next() noexcept override {
        request made;
        made.bytes = as_bytes(of_->frame());
        made.place = sent_++ % depth_;
        return made;
    }

    heard read(bytes_view input) override {
        const frame::decoded found = of_->codec().decode(input);
        if (found.is_incomplete()) return heard::of(heard::kind::need_more);
        if (found.is_refused() || answered_ == sent_) return heard::of(heard::kind::malformed);
        heard answer = heard::of(heard::kind::answered, found.consumed());
        answer.bytes = found.consumed();
        answer.place = answered_++ % depth_;
        return answer;
    }

    bool goes_on() const noexcept override { return true; }

private:
    const raw_frame_script* of_;
    std::size_t depth_;
    std::uint64_t sent_ = 0;
    std::uint64_t answered_ = 0;
};

}  // namespace

result<std::unique_ptr<raw_frame_script>> raw_frame_script::make(std::string_view to,
                                                                 std::size_t bytes) {
    std::unique_ptr<raw_frame_script> made{new raw_frame_script};
    frame::header_buffer header;
    const auto prefix = made->codec_.encode_header(bytes, header);
    if (!prefix) return fail(prefix.error().code());
    made->frame_ = as_text(*prefix);
    made->frame_.append(bytes, 'x');
    made->title_ = fmt::format("frames of {} bytes to {}", bytes, to);
    return made;
}

std::unique_ptr<dialogue> raw_frame_script::begin(std::size_t depth) {
    return std::make_unique<raw_frame_dialogue>(*this, depth);
}

}  // namespace weir::app
