// A connection's calls over frames, which are answered in any order.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "weir/json/reader.hpp"

#include "app/load/dialogue.hpp"
#include "app/load/frame_script.hpp"

namespace weir::app {

class frame_dialogue final : public dialogue, json::visitor {
public:
    // Lifetime: the script outlives the dialogue.
    frame_dialogue(frame_script& of, std::size_t depth);

    std::string_view greeting() const noexcept override { return of_->hello(); }
    request next() noexcept override;
    heard read(bytes_view input) override;
    bool goes_on() const noexcept override { return !goodbye_; }
    bool turned_away() const noexcept override { return turned_away_; }

private:
    // What an object is, by the members that it has.
    struct members {
        bool hello = false;
        bool goodbye = false;
        bool error = false;
        bool null_id = false;
        std::int64_t id = -1;
    };

    result<> on_member(std::string_view name, const json::value& value) override;
    heard take(bytes_view payload, std::size_t consumed);
    heard turn_away(std::size_t consumed);
    heard answer(std::size_t place, std::size_t consumed);
    bool in_flight(std::int64_t id) const noexcept;
    std::string error_code();

    frame_script* of_;
    std::vector<std::size_t> free_;
    std::vector<bool> asked_;  // by place
    members seen_;
    std::string refusal_;
    bool greeted_ = false;
    bool goodbye_ = false;
    bool turned_away_ = false;
};

}  // namespace weir::app
