// What is wrong with a configuration: all of it at once, each with the place to mend.
//
// Messages never contain a value that came from the environment: it may be a secret.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace weir::app {

// In a file, from 1; 0:0 where the file as a whole is meant. Columns count code points.
struct place {
    std::uint32_t line = 0;
    std::uint32_t column = 0;
};

struct problem {
    std::string file;
    place where;
    std::string key;  // dotted: "endpoint.vendor.params.prefix.min"; empty for a syntax error
    std::string message;
};

// "weir.toml:3:7: http.listen: message", without the parts that are not known.
std::string to_string(const problem& problem);

// In the file's order; those at one place as they were found.
class problems {
public:
    explicit problems(std::string file) : file_{std::move(file)} {}

    void add(place where, std::string key, std::string message);
    // In another file than the configuration; these come last.
    void add_elsewhere(std::string file, place where, std::string message);

    bool empty() const noexcept { return list_.empty(); }
    std::size_t size() const noexcept { return list_.size(); }
    auto begin() const noexcept { return list_.begin(); }
    auto end() const noexcept { return list_.end(); }
    // One line each, each with its line break.
    std::string text() const;

private:
    std::string file_;
    std::vector<problem> list_;
    std::size_t own_ = 0;  // so many of the list are in file_
};

}  // namespace weir::app
