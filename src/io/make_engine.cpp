#include "weir/io/make_engine.hpp"

#include <system_error>

#include "epoll_engine.hpp"
#include "uring_engine.hpp"

namespace weir::inline v0::io {

result<engine_kind> parse_engine_kind(std::string_view text) {
    if (text == "auto") return engine_kind::automatic;
    if (text == "uring") return engine_kind::uring;
    if (text == "epoll") return engine_kind::epoll;
    return fail(errc::invalid_argument, "an engine is auto, uring or epoll");
}

result<> probe_uring() noexcept {
    try {
        uring_ring::try_all();
        return {};
    } catch (const std::system_error& refused) {
        return fail(errc::unsupported, refused.what());
    } catch (const std::bad_alloc&) {
        return fail(errc::out_of_memory);
    }
}

namespace {

std::unique_ptr<engine> make_uring(slab_pool& slabs) {
    uring_ring::try_all();
    return std::make_unique<uring_engine>(slabs);
}

}  // namespace

std::unique_ptr<engine> make_engine(engine_kind kind, slab_pool& slabs) {
    if (kind == engine_kind::uring) return make_uring(slabs);
    if (kind == engine_kind::automatic) {
        try {
            return make_uring(slabs);
        } catch (const std::system_error&) {
            return std::make_unique<epoll_engine>(slabs);
        }
    }
    return std::make_unique<epoll_engine>(slabs);
}

}  // namespace weir::inline v0::io
