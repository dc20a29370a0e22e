#include "app/data/scratch.hpp"

#include <algorithm>

namespace weir::app {

std::span<char> scratch::take(std::size_t bytes) {
    if (bytes > io::block_size - used_)
        return {large_.emplace_back(std::make_unique_for_overwrite<char[]>(bytes)).get(), bytes};
    if (!block_) block_ = blocks_->take();
    char* const begin = reinterpret_cast<char*>(block_.memory().data()) + used_;
    used_ += bytes;
    return {begin, bytes};
}

std::string_view scratch::copy(std::string_view text) {
    const std::span<char> room = take(text.size());
    std::copy(text.begin(), text.end(), room.begin());
    return {room.data(), room.size()};
}

}  // namespace weir::app
