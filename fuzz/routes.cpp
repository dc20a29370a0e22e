// A request target in the first line, and a pattern in each of the others: its path, query and form
// are taken apart and decoded, and the routes find what a search through the list of patterns
// finds. How long a line is decides its method.
#include <algorithm>
#include <array>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "weir/http/path_segments.hpp"
#include "weir/http/percent.hpp"
#include "weir/http/query.hpp"
#include "weir/http/target.hpp"
#include "weir/io/block_writer.hpp"

#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"
#include "http/route_table.hpp"

namespace weir::fuzz {
namespace {

using texts = std::vector<std::string>;
using decoder = result<std::string_view> (*)(std::string_view, std::span<char>) noexcept;

http::response nothing(http::request&) { return http::response{}; }

// Routes have one of the first three; HEAD is answered where GET is.
constexpr std::array methods{http::method::get, http::method::post, http::method::delete_,
                             http::method::head};

http::method route_method(std::string_view pattern) { return methods[pattern.size() % 3]; }
http::method asked_method(std::string_view target) { return methods[target.size() % 4]; }

texts lines_of(std::string_view text) {
    texts lines(1);
    for (const char c : text) {
        if (c == '\n')
            lines.emplace_back();
        else
            lines.back() += c;
    }
    return lines;
}

std::optional<std::string> decode(decoder how, std::string_view text) {
    std::string room(text.size(), '\0');
    const auto decoded = how(text, room);
    hold(decoded || decoded.error() == errc::malformed, "as much room as there is text suffices");
    std::string small(text.size() / 2, '\0');
    const auto squeezed = how(text, small);
    if (squeezed) hold(decoded && *squeezed == *decoded, "room changes nothing but errors");
    if (!decoded) return std::nullopt;
    return std::string{*decoded};
}

std::string escaped(std::string_view text) {
    constexpr std::string_view digits = "0123456789abcdef";
    std::string made;
    for (const char c : text) {
        const auto octet = static_cast<unsigned char>(c);
        ((made += '%') += digits[octet / 16]) += digits[octet % 16];
    }
    return made;
}

void check_pairs(std::string_view query) {
    for (http::query_pairs pairs{query}; const auto pair = pairs.next();) {
        hold(!pair->name.contains('&') && !pair->name.contains('='), "a name ends with = or &");
        hold(!pair->value.contains('&'), "a value ends with &");
        for (const std::string_view each : {pair->name, pair->value})
            if (const auto text = decode(http::form_decode, each))
                hold(decode(http::form_decode, escaped(*text)) == text, "escapes come back");
    }
}

// Nothing where an escape is not one.
std::optional<texts> segments_of(std::string_view path) {
    texts segments;
    std::string joined;
    bool sound = true;
    for (http::path_segments rest{path}; const auto each = rest.next();) {
        (joined += '/') += *each;
        const auto text = decode(http::percent_decode, *each);
        if (text) hold(decode(http::percent_decode, escaped(*text)) == text, "escapes come back");
        sound = sound && text.has_value();
        segments.push_back(text.value_or(""));
    }
    if (path.starts_with('/')) hold(joined == path, "segments make up the path");
    return sound ? std::optional{segments} : std::nullopt;
}

// The patterns that a table took.
class list_of_patterns {
public:
    explicit list_of_patterns(const texts& patterns) {
        for (const std::string& each : patterns) {
            try {
                const http::method method = route_method(each);
                table_.add(method, std::make_unique<http::route>(nothing, each, each));
                patterns_.push_back({method, split(each)});
            } catch (const std::invalid_argument&) {
                // No pattern, or there already; the table may have kept a part of its way there.
            }
        }
    }

    void check(http::method asked, std::string_view path, const texts& segments) const {
        io::block_pool blocks;
        io::block_writer room{blocks};
        std::array<std::string_view, http::request::max_params> params;
        const auto found = table_.find(asked, path, room, params);
        const texts* const expected = search(asked, segments);
        hold((found.which != nullptr) == (expected != nullptr), "a path has a route or none");
        if (expected == nullptr) return check_allowed(found.allowed, segments);
        hold(split(found.which->pattern) == *expected, "a literal comes before a parameter");
        std::size_t param = 0;
        for (std::size_t at = 0; at < expected->size(); ++at)
            if (is_rest((*expected)[at]))
                hold(params[param++] == joined_from(segments, at), "the rest is what is left");
            else if (is_param((*expected)[at]))
                hold(params[param++] == segments[at], "a parameter is its segment");
    }

private:
    struct pattern {
        http::method method;
        texts parts;
    };

    void check_allowed(http::method_set allowed, const texts& segments) const {
        for (const http::method each : methods) {
            const bool expected = std::ranges::any_of(patterns_, [&](const pattern& of) {
                return of.method == each && matches(of.parts, segments);
            });
            hold(allowed.has(each) == expected, "what a path has is allowed, and nothing else");
        }
    }

    static bool answers(const pattern& of, http::method asked) {
        return of.method == asked ||
               (asked == http::method::head && of.method == http::method::get);
    }

    static texts split(std::string_view pattern) {
        texts parts;
        for (http::path_segments rest{pattern}; const auto each = rest.next();)
            parts.emplace_back(*each);
        return parts;
    }

    static bool is_param(const std::string& part) {
        return part.size() > 2 && part.front() == '{' && part.back() == '}';
    }

    static bool is_rest(const std::string& part) {
        return is_param(part) && part.ends_with("...}");
    }

    static std::string joined_from(const texts& segments, std::size_t first) {
        std::string joined;
        for (std::size_t at = first; at < segments.size(); ++at)
            (joined += at == first ? "" : "/") += segments[at];
        return joined;
    }

    static bool matches(const texts& pattern, const texts& segments) {
        const bool open = is_rest(pattern.back());
        if (open ? segments.size() < pattern.size() : segments.size() != pattern.size())
            return false;
        for (std::size_t at = 0; at < pattern.size(); ++at) {
            if (is_rest(pattern[at])) return true;
            const bool fits =
                is_param(pattern[at]) ? !segments[at].empty() : pattern[at] == segments[at];
            if (!fits) return false;
        }
        return true;
    }

    // Where two patterns part, a literal comes first, and the rest of a path last.
    static bool before(const texts& left, const texts& right) {
        const auto openness = [](const std::string& part) {
            return is_param(part) + is_rest(part);
        };
        for (std::size_t at = 0; at < std::min(left.size(), right.size()); ++at)
            if (openness(left[at]) != openness(right[at]))
                return openness(left[at]) < openness(right[at]);
        return false;
    }

    const texts* search(http::method asked, const texts& segments) const {
        const texts* best = nullptr;
        for (const pattern& each : patterns_)
            if (answers(each, asked) && matches(each.parts, segments) &&
                (best == nullptr || before(each.parts, *best)))
                best = &each.parts;
        return best;
    }

    http::route_table table_;
    std::vector<pattern> patterns_;
};

}  // namespace

void routes(bytes_view input, std::size_t) {
    texts lines = lines_of(as_text(input));
    const std::string first = lines.front();
    lines.erase(lines.begin());
    check_pairs(first);
    const auto addressed = http::target::parse(first);
    if (!addressed) return;
    check_pairs(addressed->query());
    const auto segments = segments_of(addressed->path());
    if (segments && addressed->path() != "*")
        list_of_patterns{lines}.check(asked_method(first), addressed->path(), *segments);
}

}  // namespace weir::fuzz
