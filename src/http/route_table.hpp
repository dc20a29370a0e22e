// The routes as a tree of segments. Immutable once it serves; then any thread may look things up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "weir/http/handler.hpp"
#include "weir/http/method.hpp"
#include "weir/http/request.hpp"

namespace weir::inline v0::http {

struct route {
    route(handler how, std::string_view pattern, std::string_view label)
        : how{std::move(how)}, pattern{pattern}, label{label} {}

    handler how;
    std::string pattern;
    std::string label;
    std::vector<std::string> params;  // their names, from left to right
    std::size_t number = 0;           // from 1; 0 is what no route matched
};

// A bit for each method.
class method_set {
public:
    void add(method which) noexcept { bits_ |= bit(which); }
    void add(method_set others) noexcept { bits_ |= others.bits_; }
    bool has(method which) const noexcept { return (bits_ & bit(which)) != 0; }
    bool empty() const noexcept { return bits_ == 0; }
    // As Allow has it: with HEAD where there is GET, and with OPTIONS.
    std::string text() const;

private:
    static std::uint32_t bit(method which) noexcept { return 1U << static_cast<unsigned>(which); }

    std::uint32_t bits_ = 0;
};

class route_table {
public:
    static constexpr std::size_t max_segments = 32;
    using params = std::span<std::string_view, request::max_params>;

    struct found {
        const route* which = nullptr;
        method_set allowed;  // of the path, where no route was found
    };

    route_table() = default;
    route_table(const route_table&) = delete;
    route_table& operator=(const route_table&) = delete;

    void add(method method, std::unique_ptr<route> added);
    void set_otherwise(handler how);

    // The path's escapes are sound. What had to be decoded goes into texts; into gets the segments
    // that stand for the route's parameters.
    found find(method method, std::string_view path, io::block_writer& texts, params into) const;
    const route* otherwise() const noexcept { return otherwise_.get(); }
    std::span<const std::unique_ptr<route>> routes() const noexcept { return routes_; }

private:
    struct node {
        std::vector<std::pair<std::string, std::unique_ptr<node>>> literals;
        std::unique_ptr<node> param;
        std::array<const route*, method_count> by_method{};
        method_set methods;

        const route* answer(method method) const noexcept;
    };
    class search;

    std::vector<std::unique_ptr<route>> routes_;
    std::unique_ptr<route> otherwise_;
    node root_;
    method_set all_;
};

}  // namespace weir::inline v0::http
