// One call over frames, from its message until it is answered.
//
// What it keeps of the message is its own, so that the frame's bytes and the reader's may go.
#pragma once

#include <optional>

#include "weir/base/intrusive_list.hpp"
#include "weir/base/result.hpp"
#include "weir/call/id.hpp"
#include "weir/call/message.hpp"
#include "weir/json/reader.hpp"
#include "weir/task/environment.hpp"

#include "app/data/arguments.hpp"
#include "app/data/data_service.hpp"
#include "app/data/scratch.hpp"

namespace weir::app {

class frame_call : public list_hook<> {
public:
    // Lifetime: both outlive it.
    frame_call(io::block_pool& blocks, const weir::environment& env) noexcept
        : memory_{blocks}, stop_{env.stop()} {}

    // At once after asked was read from input, before anything else happens on the loop.
    // Errors: not_found for a call that nobody offers; invalid_argument for what is wrong with a
    // member or a parameter, naming it. The id is known in any case.
    // Lifetime: data outlives this; asked and input are not needed afterwards.
    result<> take(const call::request& asked, const json::reader& input, const data_service& data);

    const call::id& id() const noexcept { return id_; }
    // Null where nobody offers it.
    const served_endpoint* which() const noexcept { return which_; }
    // Once it was taken without an error.
    const arguments& with() const noexcept { return *with_; }
    // The endpoint's, or a shorter one of the caller's.
    duration timeout() const noexcept;
    // Requested where the caller cancels.
    stop_node& stop() noexcept { return stop_; }

private:
    scratch memory_;
    stop_node stop_;
    call::id id_;
    std::optional<duration> timeout_;
    const served_endpoint* which_ = nullptr;
    std::optional<arguments> with_;
};

}  // namespace weir::app
