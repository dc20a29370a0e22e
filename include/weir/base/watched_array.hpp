// An array that is used again and again, and of which views are handed out. Where views are watched
// (AddressSanitizer, a debug build of Weir) who looks at one from before renew() ends the process.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <type_traits>

#include "weir/base/api.hpp"

namespace weir::inline v0 {

class WEIR_API watched_memory {
public:
    // A copy to be given back. Null where views are not watched, or where there is no memory: then
    // nobody is caught.
    static void* copy(const void* of, std::size_t bytes) noexcept;
    static void give_back(void* memory, std::size_t bytes) noexcept;
};

template <class T, std::size_t Size>
    requires std::is_trivially_copyable_v<T>
class watched_array {
public:
    watched_array() noexcept {
        at_ = own_.data();
        move();
    }
    watched_array(const watched_array&) = delete;
    watched_array& operator=(const watched_array&) = delete;
    ~watched_array() {
        if (is_watched()) watched_memory::give_back(at_, sizeof own_);
    }

    T& operator[](std::size_t index) noexcept { return std::span<T, Size>{at_, Size}[index]; }
    const T* data() const noexcept { return at_; }

    // What is there stays, at another place: the end of what was handed out.
    void renew() noexcept {
        if (is_watched()) move();
    }

private:
    bool is_watched() const noexcept { return at_ != own_.data(); }
    void move() noexcept {
        auto* const next = static_cast<T*>(watched_memory::copy(at_, sizeof own_));
        if (next == nullptr) return;
        if (is_watched()) watched_memory::give_back(at_, sizeof own_);
        at_ = next;
    }

    T* at_ = nullptr;
    std::array<T, Size> own_{};
};

}  // namespace weir::inline v0
