// A JSON reader for each loop: each is used by its loop's thread only, between two suspensions.
#pragma once

#include <cstddef>
#include <vector>

#include "weir/io/loop.hpp"
#include "weir/json/reader.hpp"

namespace weir::app {

class loop_readers {
public:
    explicit loop_readers(std::size_t loops) : readers_(loops) {}

    json::reader& at(const io::loop& loop) noexcept { return readers_[loop.index()]; }

private:
    std::vector<json::reader> readers_;
};

}  // namespace weir::app
