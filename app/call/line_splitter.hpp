// Bytes as they come, cut into lines.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace weir::app {

class line_splitter {
public:
    // What may lie between two newlines; the rest of a longer line is dropped.
    static constexpr std::size_t longest_line = std::size_t{1} << 20U;

    struct line {
        std::string text;
        std::size_t number = 0;  // from 1
        bool cut = false;        // it was too long
    };

    // Not before next() has answered with nothing.
    void add(std::string_view bytes) {
        rest_.erase(0, taken_);
        taken_ = 0;
        rest_ += bytes;
    }
    // No more will come: the last line may lack its newline.
    void finish() noexcept { finished_ = true; }

    std::optional<line> next() {
        std::string_view left = std::string_view{rest_}.substr(taken_);
        auto end = left.find('\n');
        const bool whole = end != std::string_view::npos;
        if (!whole && left.size() > longest_line) cut_long(left);
        if (!whole && (!finished_ || (left.empty() && !cut_))) return std::nullopt;
        if (!whole) end = left.size();
        taken_ += end + (whole ? 1 : 0);
        line made{std::string{left.substr(0, end)}, ++number_, cut_ || end > longest_line};
        cut_ = false;
        return made;
    }

private:
    void cut_long(std::string_view& left) {
        cut_ = true;
        taken_ = rest_.size();
        left = {};
    }

    std::string rest_;
    std::size_t taken_ = 0;
    std::size_t number_ = 0;
    bool finished_ = false;
    bool cut_ = false;
};

}  // namespace weir::app
