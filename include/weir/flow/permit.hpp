// The right to one or more of a semaphore's places, for as long as it is held.
#pragma once

#include <cstddef>
#include <utility>

#include "weir/task/loop_bound.hpp"

namespace weir::inline v0::flow {

// Gives back synchronously, on every way out. Must not outlive its semaphore.
template <class Semaphore>
class [[nodiscard]] basic_permit {
public:
    basic_permit() noexcept = default;
    basic_permit(basic_permit&& other) noexcept
        : from_{std::exchange(other.from_, nullptr)}, count_{std::exchange(other.count_, 0)} {}
    basic_permit& operator=(basic_permit&& other) noexcept {
        std::swap(from_, other.from_);
        std::swap(count_, other.count_);
        return *this;
    }
    ~basic_permit() { release(); }

    // Gives back now.
    void release() noexcept {
        if (from_ == nullptr) return;
        std::exchange(from_, nullptr)->give_back(std::exchange(count_, 0));
    }

    std::size_t count() const noexcept { return count_; }
    explicit operator bool() const noexcept { return from_ != nullptr; }

private:
    friend Semaphore;
    basic_permit(Semaphore& from, std::size_t count) noexcept : from_{&from}, count_{count} {}

    Semaphore* from_ = nullptr;
    std::size_t count_ = 0;
};

}  // namespace weir::inline v0::flow

namespace weir::inline v0 {

// As its semaphore is.
template <class Semaphore>
inline constexpr bool is_loop_bound<flow::basic_permit<Semaphore>> = is_loop_bound<Semaphore>;

}  // namespace weir::inline v0
