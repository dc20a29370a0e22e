#include "weir/http/message_head.hpp"

#include <memory>
#include <new>
#include <utility>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

#include "rebase.hpp"

namespace weir::inline v0::http {
namespace {

// Where views are watched, the fields of a message lie in memory that is given back at its end.
// Null where they are not, or where there is none: then nobody is caught.
field* take_watched(const field* like) noexcept {
    if (!under_asan && !fence::up()) return nullptr;
    try {
        field* const room = fence::allocator<field>{}.allocate(limits::field_capacity);
        std::uninitialized_copy_n(like, limits::field_capacity, room);
        return room;
    } catch (const std::bad_alloc&) {
        return nullptr;
    }
}

void give_back(field* watched) noexcept {
    fence::allocator<field>{}.deallocate(watched, limits::field_capacity);
}

}  // namespace

message_head::message_head(message which) noexcept : control_{which} {
    field* const watched = take_watched(room_.data());
    fields_ = watched != nullptr ? watched : room_.data();
}

message_head::~message_head() {
    if (fields_ != room_.data()) give_back(fields_);
}

// They are copied, since the next message may repeat them.
void message_head::renew_watched_fields() noexcept {
    if (field* const next = take_watched(fields_)) give_back(std::exchange(fields_, next));
}

std::optional<std::string_view> message_head::find(std::string_view name) const noexcept {
    for (const field& each : fields())
        if (equals_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
}

void message_head::rebase_fields(const char* from, const char* to) noexcept {
    control_.rebase(from, to);
    for (std::uint32_t at = 0; at < count_; ++at) {
        field& each = places()[at];
        each.name = rebased(each.name, from, to);
        each.value = rebased(each.value, from, to);
    }
}

}  // namespace weir::inline v0::http
