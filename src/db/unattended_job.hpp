// Work for a thread that no task waits for: it ends by itself, and is destroyed on the loop that
// gave it, or at once where no thread is to be had.
#pragma once

#include <memory>

#include "weir/io/blocking.hpp"

namespace weir::inline v0::db {

void run_unattended(io::blocking_pool& threads, scheduler& home,
                    std::unique_ptr<io::blocking_job> job) noexcept;

}  // namespace weir::inline v0::db
