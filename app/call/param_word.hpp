// Parameters as they are written on the command line: name=text, or name:=JSON for what is no text.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/frame/call_params.hpp"

namespace weir::app {

class param_word {
public:
    // Both sides of the sign. Errors: invalid_argument.
    static result<param_word> split(std::string_view word);
    // The value can be sent as well.
    static result<param_word> parse(std::string_view word);

    const std::string& name() const noexcept { return name_; }
    const std::string& value() const noexcept { return value_; }
    bool is_json() const noexcept { return json_; }
    void add_to(frame::call_params& params) const;

private:
    param_word(std::string_view name, std::string_view value, bool json)
        : name_{name}, value_{value}, json_{json} {}

    std::string name_;
    std::string value_;
    bool json_;
};

}  // namespace weir::app
