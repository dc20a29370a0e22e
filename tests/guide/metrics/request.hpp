// What is asked of a service, and how it goes.
#pragma once

#include <chrono>
#include <string>

namespace guide::metrics {

struct request {
    std::string path = "/";
    std::chrono::microseconds takes{300};
    bool fails = false;
};

// True where there was an answer.
inline bool answer(const request& asked) { return !asked.fails; }

}  // namespace guide::metrics
