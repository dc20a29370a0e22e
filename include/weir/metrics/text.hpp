// The Prometheus text exposition format 0.0.4.
#pragma once

#include <string>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/metrics/snapshot.hpp"

namespace weir::inline v0::metrics {

class registry;

inline constexpr std::string_view text_content_type = "text/plain; version=0.0.4; charset=utf-8";

// Appends to out. The registry's lock is held only while the values are taken, not while they are
// written down. Families without a series are left out.
WEIR_API void write_text(const registry& registry, std::string& out);
WEIR_API void write_text(const snapshot& families, std::string& out);

}  // namespace weir::inline v0::metrics
