// A JSON reader for each loop: each is used by its loop's thread only, between two suspensions.
#pragma once

#include <cstddef>
#include <vector>

#include "weir/io/loop.hpp"

#include "app/json_input.hpp"

namespace weir::app {

class loop_inputs {
public:
    explicit loop_inputs(std::size_t loops) : inputs_(loops) {}

    json_input& at(const io::loop& loop) noexcept { return inputs_[loop.index()]; }

private:
    std::vector<json_input> inputs_;
};

}  // namespace weir::app
