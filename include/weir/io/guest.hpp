// What runs on a loop and belongs to nobody there: it ends with the loop at the latest.
#pragma once

#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0::io {

struct guest_tag;

class guest : public list_hook<guest_tag> {
protected:
    ~guest() = default;

private:
    friend class loop;
    // The loop turns no more: gives up what is left on it. This may be gone afterwards.
    virtual void dismiss() noexcept = 0;
};

}  // namespace weir::inline v0::io
