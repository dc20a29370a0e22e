// A regular expression that a whole value has to match.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "weir/base/result.hpp"

namespace weir::app {

// A value that copies cheaply; any thread may match with it.
class pattern {
public:
    // ECMAScript's syntax without back references; errc::invalid_argument says what is wrong.
    static result<pattern> compile(std::string text);

    // Byte by byte, so that `.` is one byte of a UTF-8 letter. Time grows with the product of
    // pattern and value, never exponentially, and the stack does not grow with the value: values
    // come from anybody. Allocates.
    bool matches(std::string_view value) const;

    const std::string& text() const noexcept;

private:
    struct compiled;
    explicit pattern(std::shared_ptr<const compiled> compiled) : compiled_{std::move(compiled)} {}

    std::shared_ptr<const compiled> compiled_;
};

}  // namespace weir::app
