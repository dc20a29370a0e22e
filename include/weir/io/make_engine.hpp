// Which engine a loop runs on.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/result.hpp"
#include "weir/io/engine.hpp"

namespace weir::inline v0::io {

enum class engine_kind : std::uint8_t {
    automatic,  // uring where the kernel allows it, else epoll
    uring,
    epoll,
};

// "auto", "uring" or "epoll".
WEIR_API result<engine_kind> parse_engine_kind(std::string_view text);

// Whether this kernel, here and now, offers what the uring engine needs: a ring is made, and all
// that an engine asks of one is asked once. Errors: unsupported, with the call and the answer.
WEIR_API result<> probe_uring() noexcept;

// Throws std::system_error where the kernel refuses.
WEIR_API std::unique_ptr<engine> make_engine(engine_kind kind, slab_pool& slabs);

}  // namespace weir::inline v0::io
