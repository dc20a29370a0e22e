// One call as a frame brings it: {"id": 7, "call": "vendor", "params": {...}, "timeout_ms": 500}.
//
// Read at once, before anything else happens on the loop; what it keeps is its own, so that the
// frame's bytes may go.
#pragma once

#include <optional>

#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"
#include "weir/json/reader.hpp"
#include "weir/json/writer.hpp"

#include "app/data/arguments.hpp"
#include "app/data/data_service.hpp"
#include "app/data/scratch.hpp"

namespace weir::app {

class frame_request final : json::visitor {
public:
    explicit frame_request(io::block_pool& blocks) noexcept : memory_{blocks} {}

    // Errors: malformed where there is no JSON object, which says that the peer speaks something
    // else; not_found for a call that nobody offers; invalid_argument for what is wrong with a
    // member or a parameter, naming it.
    // Lifetime: data outlives this; frame and input are not needed afterwards.
    result<> read(bytes_view frame, json::reader& input, const data_service& data);

    // Once it has been read without an error.
    const served_endpoint* which() const noexcept { return which_; }
    const arguments& with() const noexcept { return *with_; }
    // The endpoint's, or a shorter one of the caller's.
    duration timeout() const noexcept;

    // The caller's, or null where there was none.
    void write_id(json::writer& json) const;

private:
    result<> on_member(std::string_view name, const json::value& value) override;
    result<> take(std::string_view name, const json::value& value);
    result<> take_id(const json::value& value);
    result<> take_call(const json::value& value);
    result<> take_timeout(const json::value& value);

    scratch memory_;
    json::value id_;
    json::value call_;
    bool has_params_ = false;
    result<> first_wrong_;
    std::optional<duration> timeout_;
    const served_endpoint* which_ = nullptr;
    std::optional<arguments> with_;
};

}  // namespace weir::app
