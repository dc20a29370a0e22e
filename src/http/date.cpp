#include "weir/http/date.hpp"

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace weir::inline v0::http {
namespace {

constexpr std::string_view weekdays = "SunMonTueWedThuFriSat";
constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";

class cursor {
public:
    explicit cursor(char* at) noexcept : at_{at} {}

    cursor& put(std::string_view text) noexcept {
        at_ = std::copy(text.begin(), text.end(), at_);
        return *this;
    }

    cursor& put(unsigned number, unsigned digits) noexcept {
        for (unsigned at = digits; at-- > 0; number /= 10)
            at_[at] = static_cast<char>('0' + number % 10);
        at_ += digits;
        return *this;
    }

private:
    char* at_;
};

}  // namespace

date::date(std::int64_t unix_seconds) noexcept {
    using namespace std::chrono;
    const sys_seconds time{seconds{unix_seconds}};
    const sys_days day = floor<days>(time);
    const year_month_day calendar{day};
    const auto second = static_cast<unsigned>((time - day).count());
    const unsigned weekday_index = weekday{day}.c_encoding();
    const unsigned month_index = static_cast<unsigned>(calendar.month()) - 1;
    cursor to{text_.data()};
    to.put(weekdays.substr(weekday_index * 3, 3)).put(", ");
    to.put(static_cast<unsigned>(calendar.day()), 2).put(" ");
    to.put(months.substr(month_index * 3, 3)).put(" ");
    to.put(static_cast<unsigned>(static_cast<int>(calendar.year())), 4).put(" ");
    to.put(second / 3600, 2).put(":").put(second / 60 % 60, 2).put(":").put(second % 60, 2);
    to.put(" GMT");
}

}  // namespace weir::inline v0::http
