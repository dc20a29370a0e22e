// The routes as a tree of segments. Immutable once it serves; then any thread may look things up.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/http/handler.hpp"
#include "weir/http/method.hpp"
#include "weir/http/method_set.hpp"
#include "weir/http/request.hpp"
#include "weir/http/route_options.hpp"
#include "weir/http/server_options.hpp"

#include "path_map.hpp"
#include "route.hpp"
#include "route_scope.hpp"

namespace weir::inline v0::http {

class route_table {
public:
    static constexpr std::size_t max_segments = 32;
    using params = std::span<std::string_view, request::max_params>;

    struct found {
        const route* which = nullptr;
        method_set allowed;  // of the path, where no route was found
    };

    route_table();
    route_table(const route_table&) = delete;
    route_table& operator=(const route_table&) = delete;

    route_scope& root() noexcept { return *scopes_.front(); }
    // Throws std::invalid_argument for a prefix that begins no path.
    route_scope& add_scope(route_scope& around, std::string_view prefix,
                           const route_limits& limits);
    void add(method method, std::unique_ptr<route> added);
    void set_otherwise(handler how);
    // Before it serves.
    void seal(const server_options& options);
    // The most that any route reads; only when sealed.
    std::uint64_t largest_body() const noexcept;

    // Where a route without parameters has this very path; else null, and find() knows.
    const route* find_literal(method method, std::string_view path) const noexcept {
        const node* const at = literals_.find(path);
        return at != nullptr ? at->answer(method) : nullptr;
    }
    // The path's escapes are sound. What had to be decoded goes into texts; into gets the segments
    // that stand for the route's parameters.
    found find(method method, std::string_view path, io::block_writer& texts, params into) const;
    // What answers where no route was found.
    const route& otherwise() const noexcept { return *otherwise_; }
    std::span<const std::unique_ptr<route>> routes() const noexcept { return routes_; }

private:
    struct node {
        std::vector<std::pair<std::string, std::unique_ptr<node>>> literals;
        std::unique_ptr<node> param;
        std::unique_ptr<node> rest;  // of a {name...}; nothing is below it
        std::array<const route*, method_count> by_method{};
        method_set methods;

        const route* answer(method method) const noexcept {
            const route* own = by_method[static_cast<std::size_t>(method)];
            if (own != nullptr || method != method::head) return own;
            return by_method[static_cast<std::size_t>(method::get)];
        }
        node& below(std::string_view segment);
    };
    class search;

    // Before the routes, which refer to them.
    std::vector<std::unique_ptr<route_scope>> scopes_;
    std::vector<std::unique_ptr<route>> routes_;
    std::unique_ptr<route> otherwise_;
    node root_;
    path_map<node> literals_;
    method_set all_;
};

}  // namespace weir::inline v0::http
