// What catches a view that is used too late, in a debug build: memory whose pages are taken away
// when it is given back.
//
// Each piece has pages of its own. Who touches one that was given back ends the process, which says
// where it was delivered and where it was given up. The last few hundred pieces are known. It is up
// where Weir itself is built without NDEBUG, unless a sanitizer is there; the environment's
// WEIR_FENCE, on or off, has the last word. With NDEBUG it is nothing. Any thread may use it. For
// Weir's own sources: nothing that users include has it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <source_location>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/asan.hpp"

namespace weir::inline v0 {

class WEIR_API fence {
public:
    // Of the source, or in words. Lifetime: the words', until something was given back.
    class place {
    public:
        constexpr place() noexcept = default;
        // NOLINTNEXTLINE(google-explicit-constructor): it is one
        constexpr place(const std::source_location& at) noexcept
            : name_{at.file_name()}, line_{at.line()} {}
        // NOLINTNEXTLINE(google-explicit-constructor): it is one
        constexpr place(std::string_view words) noexcept : name_{words} {}

        constexpr std::string_view name() const noexcept { return name_; }
        // 0 where it is in words.
        constexpr std::uint_least32_t line() const noexcept { return line_; }

    private:
        std::string_view name_;
        std::uint_least32_t line_ = 0;
    };
    // Names both places of what is given back on this thread while it lives; the outermost counts.
    class naming;
    // For what copies bytes for somebody who looks at them.
    template <typename T>
#ifdef NDEBUG
    using allocator = std::allocator<T>;
#else
    class allocator;
#endif
    using string = std::basic_string<char, std::char_traits<char>, allocator<char>>;
    // Whose characters lie outside of it, so that they are seen, however few they are.
    static string copy(std::string_view text);

#ifdef NDEBUG
    static constexpr bool up() noexcept { return false; }
    static constexpr void* take(std::size_t) noexcept { return nullptr; }
    static constexpr bool give_back(void*, const place&) noexcept { return false; }
#else
    static bool up() noexcept;
    // Null where there is no memory.
    static void* take(std::size_t size) noexcept;
    // False where it was not taken here. delivered: where nobody names it.
    static bool give_back(void* memory, const place& delivered) noexcept;
#endif
};

class [[nodiscard("it names for as long as it lives"), maybe_unused]] fence::naming {
public:
#ifdef NDEBUG
    constexpr naming(const place&, const place&) noexcept {}
#else
    // delivered: without a name where what is given back knows it.
    WEIR_API naming(const place& delivered, const place& given_up) noexcept;
    naming(const naming&) = delete;
    naming& operator=(const naming&) = delete;
    WEIR_API ~naming();

private:
    friend class fence;
    place delivered_;
    place given_up_;
    bool outermost_ = false;
#endif
};

#ifndef NDEBUG

template <typename T>
class fence::allocator {
public:
    using value_type = T;

    allocator() noexcept = default;
    template <typename U>
    allocator(const allocator<U>&) noexcept {}  // NOLINT(google-explicit-constructor)
    friend bool operator==(const allocator&, const allocator&) noexcept { return true; }

    T* allocate(std::size_t count) {
        const std::size_t size = count * sizeof(T);
        void* const memory = up() ? take(size) : ::operator new(size);
        if (memory == nullptr) throw std::bad_alloc{};
        return static_cast<T*>(memory);
    }
    void deallocate(T* memory, std::size_t) noexcept {
        if (!give_back(memory, {})) ::operator delete(memory);
    }
};

#endif

inline fence::string fence::copy(std::string_view text) {
    string made;
    if (up() || under_asan) made.reserve(32);
    made = text;
    return made;
}

}  // namespace weir::inline v0
