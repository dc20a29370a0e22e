#include "wire_trace.hpp"

#include <algorithm>
#include <chrono>
#include <iterator>
#include <new>
#include <utility>

#include <spdlog/fmt/bin_to_hex.h>
#include <spdlog/fmt/fmt.h>

namespace weir::inline v0 {
namespace {

constexpr std::size_t most_bytes = std::size_t{64} * 1024;

}  // namespace

wire_trace::wire_trace(net::connection& of, duration time) noexcept
    : of_{&of}, since_{of.loop().now()}, left_{most_bytes} {
    // A secret may have begun before.
    for (const char each : as_text(of.input())) (void)of_peer_(each);
    of.loop().scheduler().arm(*this, after(since_, time));
}

void wire_trace::add(char direction, secret_mask& mask, bytes_view bytes) noexcept {
    try {
        std::string shown{as_text(bytes.first(std::min(bytes.size(), left_)))};
        for (char& each : shown) each = mask(each);
        const std::chrono::duration<double> passed = of_->loop().now() - since_;
        fmt::format_to(std::back_inserter(text_), "{:.6f} {} {} bytes{:a}\n", passed.count(),
                       direction, bytes.size(), spdlog::to_hex(shown, 16));
        left_ -= shown.size();
        if (left_ == 0) text_ += "no more is kept\n";
    } catch (const std::bad_alloc&) {
        left_ = 0;
    }
    if (left_ == 0) end();
}

}  // namespace weir::inline v0
