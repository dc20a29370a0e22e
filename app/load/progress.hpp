// The line that a terminal shows while a load runs.
#pragma once

#include "app/load/latency_histogram.hpp"
#include "app/load/load_options.hpp"
#include "app/load/load_run.hpp"

namespace weir::app {

class progress {
public:
    // Shows nothing where it is not wanted, or the error stream is no terminal.
    progress(const load_options& options, bool wanted) noexcept;

    // Drawn anew twice a second, with what the time since then was like.
    void show(const load_moment& now);
    void clear() const;

private:
    void draw(const load_moment& now);

    const load_options* options_;
    bool shown_;
    duration drawn_at_{};
    latency_histogram until_then_;
};

}  // namespace weir::app
