#include "app/config/problems.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace weir::app {

std::string to_string(const problem& problem) {
    std::string line = problem.file;
    if (problem.where.line != 0) {
        line += ':' + std::to_string(problem.where.line);
        line += ':' + std::to_string(problem.where.column);
    }
    if (!problem.key.empty()) line += ": " + problem.key;
    return line + ": " + problem.message;
}

void problems::add(place where, std::string key, std::string message) {
    const auto own_end = list_.begin() + static_cast<std::ptrdiff_t>(own_);
    const auto behind = std::upper_bound(list_.begin(), own_end, where,
                                         [](const place& left, const problem& right) {
                                             return std::tie(left.line, left.column) <
                                                    std::tie(right.where.line, right.where.column);
                                         });
    list_.insert(behind, {file_, where, std::move(key), std::move(message)});
    ++own_;
}

void problems::add_elsewhere(std::string file, place where, std::string message) {
    list_.push_back({std::move(file), where, {}, std::move(message)});
}

std::string problems::text() const {
    std::string lines;
    for (const problem& each : list_) lines += to_string(each) + '\n';
    return lines;
}

}  // namespace weir::app
