// What stands for whole paths, found by their text alone: a table of their beginnings and ends,
// which costs the same however many there are. Filled before it serves; then any thread may read.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <utility>
#include <vector>

namespace weir::inline v0::http {

template <class Value>
class path_map {
public:
    // Once for each path. Lifetime: both outlive this map.
    void add(std::string_view path, const Value& value) {
        if (4 * ++used_ > places_.size()) grow();
        place_of(path) = {path, &value};
    }

    // Null where there is none.
    const Value* find(std::string_view path) const noexcept {
        if (places_.empty()) return nullptr;
        const std::size_t mask = places_.size() - 1;
        for (std::size_t at = begin_of(path); places_[at].value != nullptr; at = (at + 1) & mask) {
            if (places_[at].path == path) return places_[at].value;
        }
        return nullptr;
    }

private:
    struct entry {
        std::string_view path;
        const Value* value = nullptr;
    };

    template <class Word>
    static std::uint64_t word(const char* at) noexcept {
        Word found;
        std::memcpy(&found, at, sizeof found);
        return found;
    }

    // Paths that differ in the middle only fall into the same place, and are told apart there.
    static std::uint64_t ends_of(std::string_view path) noexcept {
        const std::size_t size = path.size();
        const char* const end = path.data() + size;
        if (size >= 8) return word<std::uint64_t>(path.data()) * 31 + word<std::uint64_t>(end - 8);
        if (size >= 4)
            return word<std::uint32_t>(path.data()) << 32U | word<std::uint32_t>(end - 4);
        return size < 2 ? 0 : word<std::uint16_t>(end - 2);
    }

    std::size_t begin_of(std::string_view path) const noexcept {
        return ((ends_of(path) + path.size()) * 0x9e3779b97f4a7c15U) >> shift_;
    }

    entry& place_of(std::string_view path) noexcept {
        std::size_t at = begin_of(path);
        while (places_[at].value != nullptr) at = (at + 1) & (places_.size() - 1);
        return places_[at];
    }

    void grow() {
        const std::vector<entry> before = std::move(places_);
        places_ = std::vector<entry>(std::max(std::size_t{16}, 2 * before.size()));
        shift_ = static_cast<unsigned>(64 - std::countr_zero(places_.size()));
        for (const entry& each : before) {
            if (each.value != nullptr) place_of(each.path) = each;
        }
    }

    std::vector<entry> places_;  // at most a quarter is in use
    std::size_t used_ = 0;
    unsigned shift_ = 0;
};

}  // namespace weir::inline v0::http
