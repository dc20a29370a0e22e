// The same call of the framed protocol over and over (docs/protocol.md).
//
// A call's id is its place, so that every frame is written once, before the load begins.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/frame/codec.hpp"
#include "weir/json/reader.hpp"

#include "app/load/dialogue.hpp"

namespace weir::app {

class frame_script final : public script {
public:
    struct words {
        std::string to;                   // for the title
        std::string call;                 // an endpoint's name
        std::vector<std::string> params;  // "name=text", or "name:=JSON"
        std::string token;                // for the hello; empty: none
    };
    // Errors: invalid_argument, saying which word is none; too_large.
    static result<std::unique_ptr<frame_script>> make(const words& said, std::size_t depth);

    std::string_view hello() const noexcept { return hello_; }
    std::string_view frame(std::size_t place) const noexcept { return frames_[place]; }
    const frame::codec& codec() const noexcept { return codec_; }
    json::reader& reader() noexcept { return reader_; }

    std::unique_ptr<dialogue> begin(std::size_t depth) override;
    std::string_view title() const noexcept override { return title_; }

private:
    frame_script() = default;
    result<std::string> framed(std::string_view payload) const;

    frame::codec codec_;
    json::reader reader_;
    std::string hello_;
    std::vector<std::string> frames_;
    std::string title_;
};

}  // namespace weir::app
