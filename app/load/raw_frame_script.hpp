// Frames of any bytes that are sent back as they are: what an echo service is measured with.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/frame/codec.hpp"

#include "app/load/dialogue.hpp"

namespace weir::app {

class raw_frame_script final : public script {
public:
    // Errors: too_large over the codec's limit.
    static result<std::unique_ptr<raw_frame_script>> make(std::string_view to, std::size_t bytes);

    std::string_view frame() const noexcept { return frame_; }
    const frame::codec& codec() const noexcept { return codec_; }

    std::unique_ptr<dialogue> begin(std::size_t depth) override;
    std::string_view title() const noexcept override { return title_; }

private:
    raw_frame_script() = default;

    frame::codec codec_;
    std::string frame_;
    std::string title_;
};

}  // namespace weir::app
