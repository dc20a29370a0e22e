// Goes through a line of which all is there, a byte at a time. What does not fit is refused with
// 400.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace weir::inline v0::http::plain {

// Thrown: the status that answers what was read.
struct refusal {
    int status;
};

class cursor {
public:
    explicit cursor(std::string_view line) : rest_{line} {}

    bool at_end() const { return rest_.empty(); }
    std::string_view rest() const { return rest_; }

    // The next byte, which must satisfy `fits`.
    template <class Fits>
    char take(Fits fits) {
        if (rest_.empty() || !fits(rest_.front())) throw refusal{400};
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }
    // As many bytes as satisfy `fits`.
    template <class Fits>
    std::string take_all(Fits fits) {
        std::string taken;
        while (!rest_.empty() && fits(rest_.front())) taken += take(fits);
        return taken;
    }
    // The same, and at least one.
    template <class Fits>
    std::string take_some(Fits fits) {
        std::string taken = take_all(fits);
        if (taken.empty()) throw refusal{400};
        return taken;
    }
    bool take_if(char wanted) {
        if (!rest_.starts_with(wanted)) return false;
        rest_.remove_prefix(1);
        return true;
    }
    void expect(std::string_view wanted) {
        for (const char each : wanted)
            if (!take_if(each)) throw refusal{400};
    }
    void expect_end() const {
        if (!rest_.empty()) throw refusal{400};
    }

private:
    std::string_view rest_;
};

}  // namespace weir::inline v0::http::plain
