#include "weir/http/message_head.hpp"

#include <memory>
#include <new>
#include <utility>

#include "weir/base/asan.hpp"
#include "weir/base/fence.hpp"

#include "rebase.hpp"

namespace weir::inline v0::http {
namespace {

// Where it is given back, so that who looks at it later is caught.
class watched_room {
public:
    static field* take(const field* like) noexcept {
        if (!under_asan && !fence::up()) return nullptr;
        try {
            field* const room = fence::allocator<field>{}.allocate(limits::field_capacity);
            std::uninitialized_copy_n(like, limits::field_capacity, room);
            return room;
        } catch (const std::bad_alloc&) {
            return nullptr;
        }
    }
    static void give_back(field* room) noexcept {
        fence::allocator<field>{}.deallocate(room, limits::field_capacity);
    }
};

}  // namespace

message_head::message_head(message which) noexcept : control_{which} {
    field* const watched = watched_room::take(room_.data());
    fields_ = watched != nullptr ? watched : room_.data();
}

message_head::~message_head() {
    if (fields_ != room_.data()) watched_room::give_back(fields_);
}

// What they were may be the next message's, too.
void message_head::renew_watched_fields() noexcept {
    if (field* const next = watched_room::take(fields_))
        watched_room::give_back(std::exchange(fields_, next));
}

std::optional<std::string_view> message_head::find(std::string_view name) const noexcept {
    for (const field& each : fields())
        if (equals_ignoring_case(each.name, name)) return each.value;
    return std::nullopt;
}

void message_head::rebase_fields(const char* from, const char* to) noexcept {
    control_.rebase(from, to);
    for (std::uint32_t at = 0; at < count_; ++at) {
        fields_[at].name = rebased(fields_[at].name, from, to);
        fields_[at].value = rebased(fields_[at].value, from, to);
    }
}

}  // namespace weir::inline v0::http
