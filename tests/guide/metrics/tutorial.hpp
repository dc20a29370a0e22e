// Metrics as tutorials show them. The tests beside this file break them.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>

#include "request.hpp"

namespace guide::metrics {

class map_under_a_mutex {
public:
    void serve(const request& asked) {
        if (!answer(asked)) return;  // and the tutorial logs it
        const std::lock_guard held{mutex_};
        ++requests_[asked.path];
        latency_ += std::chrono::duration_cast<std::chrono::milliseconds>(asked.takes);
    }

    std::uint64_t counted() const {
        std::uint64_t all = 0;
        for (const auto& [path, count] : requests_) all += count;
        return all;
    }
    std::size_t series() const { return requests_.size(); }
    double seconds() const { return static_cast<double>(latency_.count()) / 1000; }

private:
    std::mutex mutex_;
    std::map<std::string, std::uint64_t> requests_;  // by path
    std::chrono::milliseconds latency_{};
};

}  // namespace guide::metrics
