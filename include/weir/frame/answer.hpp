// What a call was answered with.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/lifetime.hpp"

namespace weir::inline v0::frame {

class answer {
public:
    explicit answer(std::string json) noexcept : json_{std::move(json)} {}

    // One JSON object without the call's id: {"rows":[...]}, {"row":{...}} or {"changes":1}, and
    // what a later version of the protocol adds.
    std::string_view json() const noexcept WEIR_LIFETIMEBOUND { return json_; }

private:
    std::string json_;
};

}  // namespace weir::inline v0::frame
