#include "weir/frame/view_ledger.hpp"

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>

namespace weir::inline v0::frame {
namespace {

struct entry {
    std::uint32_t generation = 0;
    bool over = false;
    std::source_location delivered;
    std::source_location ended;
};

// A generation is used once in the process, so that the views of another thread are not mistaken
// for this one's.
std::atomic<std::uint32_t> last_generation{0};

entry& entry_of(std::uint32_t generation) noexcept {
    thread_local std::array<entry, 256> entries;
    return entries[generation % entries.size()];
}

void tell(const char* what, const std::source_location& place) noexcept {
    std::fprintf(stderr, "    %s %s:%u\n", what, place.file_name(), place.line());
}

[[noreturn]] void outlived(const entry& frame, const std::source_location& place) noexcept {
    std::fputs("weir: a frame is used that is no longer there. keep() makes it last longer.\n",
               stderr);
    tell("delivered at", frame.delivered);
    tell("given up at ", frame.ended);
    if (place.line() > 0) tell("used at     ", place);
    std::abort();
}

}  // namespace

std::uint32_t view_ledger::begin(const std::source_location& place) noexcept {
    std::uint32_t generation = 0;
    while (generation == 0) generation = ++last_generation;
    entry_of(generation) = entry{generation, false, place, {}};
    return generation;
}

void view_ledger::end(std::uint32_t generation, const std::source_location& place) noexcept {
    entry& frame = entry_of(generation);
    if (frame.generation != generation) return;
    frame.over = true;
    frame.ended = place;
}

void view_ledger::check(std::uint32_t generation, const std::source_location& place) noexcept {
    const entry& frame = entry_of(generation);
    if (generation != 0 && frame.generation == generation && frame.over) outlived(frame, place);
}

}  // namespace weir::inline v0::frame
