// Spoils inputs the way that wires, bugs and attackers do, without knowing what they mean.
#pragma once

#include <string>
#include <string_view>

#include "http/differential/dice.hpp"

namespace weir::inline v0::http {

class spoiler {
public:
    // Outlives it.
    explicit spoiler(dice& chance) : dice_{&chance} {}

    // One change, wherever it happens to fall.
    void spoil(std::string& input);
    // The front of one input with the back of another.
    std::string splice(std::string_view front, std::string_view back);

private:
    void change_a_byte(std::string& input);
    void flip_a_bit(std::string& input);
    void insert_bytes(std::string& input);
    void insert_words(std::string& input);
    void remove_bytes(std::string& input);
    void repeat_a_byte(std::string& input);
    void change_a_line_end(std::string& input);
    void repeat_a_line(std::string& input);
    void move_a_line(std::string& input);
    void change_a_number(std::string& input);
    void cut_off(std::string& input);

    std::size_t place_in(std::string_view input) { return dice_->below(input.size() + 1); }
    std::size_t line_start(std::string_view input);

    dice* dice_;
};

}  // namespace weir::inline v0::http
