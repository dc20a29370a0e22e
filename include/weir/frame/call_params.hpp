// A call's parameters: one JSON object, built member by member or given as text.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/lifetime.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::frame {

class WEIR_API call_params {
public:
    call_params() = default;

    // Any JSON object. Errors: malformed, with what is wrong.
    static result<call_params> parse(std::string_view json);

    // Each adds a member. Texts and names are UTF-8; what is not makes the call an
    // invalid_argument. A name given twice is for the server to refuse.
    call_params& text(std::string_view name, std::string_view value);
    call_params& integer(std::string_view name, std::int64_t value);
    // null where it is not finite, which JSON has no words for.
    call_params& number(std::string_view name, double value);
    call_params& boolean(std::string_view name, bool value);
    call_params& null(std::string_view name);
    // A value that is JSON already; what is not one value makes the call an invalid_argument.
    call_params& json(std::string_view name, std::string_view value);

    // The object, or nothing where it is empty. Lifetime: these parameters.
    std::string_view json() const noexcept WEIR_LIFETIMEBOUND;
    bool valid() const noexcept { return valid_; }

private:
    void member(std::string_view name);
    void quoted(std::string_view text);

    std::string json_ = "{}";
    bool valid_ = true;
};

}  // namespace weir::inline v0::frame
