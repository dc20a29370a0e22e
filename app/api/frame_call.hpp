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

    // Both at once after asked was read, before anything else happens on the loop; it is not needed
    // afterwards. Which endpoint is meant. The id is known in any case. Lifetime: data outlives
    // this. Errors: not_found for a call that nobody offers; invalid_argument for what is wrong
    // with a member, naming it.
    result<> take(const call::request& asked, const data_service& data);
    // With what. Errors: invalid_argument, naming the parameter.
    result<> take_params(const call::request& asked, const json::reader& input,
                         integer_style integers = integer_style::number);

    const call::id& id() const noexcept { return id_; }
    // Null where nobody offers it.
    const served_endpoint* which() const noexcept { return which_; }
    // Once they were taken without an error.
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
