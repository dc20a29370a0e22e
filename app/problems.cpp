#include "app/problems.hpp"

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
    list_.push_back({file_, where, std::move(key), std::move(message)});
}

void problems::sort() {
    std::stable_sort(list_.begin(), list_.end(), [](const problem& left, const problem& right) {
        return std::tie(left.where.line, left.where.column) <
               std::tie(right.where.line, right.where.column);
    });
}

std::string problems::text() const {
    std::string lines;
    for (const problem& each : list_) lines += to_string(each) + '\n';
    return lines;
}

}  // namespace weir::app
