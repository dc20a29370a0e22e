// Something that a scheduler runs once, later in this turn of its loop.
#pragma once

#include "weir/base/intrusive_list.hpp"

namespace weir::inline v0 {

struct run_tag;

class runnable : public list_hook<run_tag> {
public:
    virtual void run() noexcept = 0;

protected:
    ~runnable() = default;
};

using run_queue = intrusive_list<runnable, run_tag>;

}  // namespace weir::inline v0
