#include "route_table.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "weir/http/path_segments.hpp"
#include "weir/http/percent.hpp"

namespace weir::inline v0::http {
namespace {

[[noreturn]] void refuse(std::string_view pattern, std::string_view why) {
    throw std::invalid_argument{"route " + std::string{pattern} + " " + std::string{why}};
}

bool is_param(std::string_view segment) noexcept {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

void check_segment(std::string_view pattern, std::string_view segment) {
    const std::string_view inside =
        is_param(segment) ? segment.substr(1, segment.size() - 2) : segment;
    if (inside.find_first_of("{}") != std::string_view::npos)
        refuse(pattern, "has a {name} that is not a whole segment");
    if (inside.find_first_of("%?#") != std::string_view::npos)
        refuse(pattern, "has a character that a decoded path is not matched with");
}

std::string_view decoded(std::string_view segment, io::block_writer& texts) {
    if (segment.find('%') == std::string_view::npos) return segment;
    const bytes_span room = texts.reserve(segment.size());
    const auto text = percent_decode(segment, {reinterpret_cast<char*>(room.data()), room.size()});
    if (!text) return segment;
    texts.commit(text->size());
    return *text;
}

}  // namespace

std::string method_set::text() const {
    std::string names;
    for (unsigned at = 0; at < method_count; ++at) {
        const auto each = static_cast<method>(at);
        const bool offered =
            has(each) || each == method::options || (each == method::head && has(method::get));
        if (!offered) continue;
        if (!names.empty()) names += ", ";
        names += to_string(each);
    }
    return names;
}

const route* route_table::node::answer(method method) const noexcept {
    const route* own = by_method[static_cast<std::size_t>(method)];
    if (own != nullptr || method != method::head) return own;
    return by_method[static_cast<std::size_t>(method::get)];
}

void route_table::add(method method, std::unique_ptr<route> added) {
    const std::string_view pattern = added->pattern;
    if (!pattern.starts_with('/')) refuse(pattern, "does not begin with /");
    node* at = &root_;
    std::size_t count = 0;
    for (path_segments segments{pattern}; auto segment = segments.next(); ++count) {
        check_segment(pattern, *segment);
        std::unique_ptr<node>* next = &at->param;
        if (is_param(*segment)) {
            const std::string_view name = segment->substr(1, segment->size() - 2);
            if (std::ranges::find(added->params, name) != added->params.end())
                refuse(pattern, "has a parameter twice");
            added->params.emplace_back(name);
        } else {
            auto known = std::ranges::find(at->literals, *segment,
                                           &std::pair<std::string, std::unique_ptr<node>>::first);
            if (known == at->literals.end())
                known = at->literals.insert(known, {std::string{*segment}, nullptr});
            next = &known->second;
        }
        if (*next == nullptr) *next = std::make_unique<node>();
        at = next->get();
    }
    if (count > max_segments) refuse(pattern, "has too many segments");
    if (added->params.size() > request::max_params) refuse(pattern, "has too many parameters");
    if (at->methods.has(method)) refuse(pattern, "is there already");
    at->methods.add(method);
    all_.add(method);
    added->number = routes_.size() + 1;
    at->by_method[static_cast<std::size_t>(method)] = added.get();
    routes_.push_back(std::move(added));
}

void route_table::set_otherwise(handler how) {
    otherwise_ = std::make_unique<route>(std::move(how), "other", "other");
}

// Depth first, literal before parameter. A node has one way that leads to it, so no node is visited
// twice, and the tree is no deeper than the longest pattern.
class route_table::search {
public:
    search(method method, io::block_writer& texts, params into) noexcept
        : method_{method}, texts_{texts}, into_{into} {}

    found run(const node& root, std::string_view path) {
        found answer;
        answer.which = visit(root, path_segments{path}, 0);
        answer.allowed = allowed_;
        return answer;
    }

private:
    // params of those before were taken.
    const route* visit(const node& at, path_segments rest, std::size_t params) {
        const auto next = rest.next();
        if (!next) {
            allowed_.add(at.methods);
            return at.answer(method_);
        }
        const std::string_view segment = decoded(*next, texts_);
        for (const auto& [literal, below] : at.literals) {
            if (literal != segment) continue;
            if (const route* which = visit(*below, rest, params)) return which;
        }
        if (at.param == nullptr || segment.empty()) return nullptr;
        into_[params] = segment;
        return visit(*at.param, rest, params + 1);
    }

    method method_;
    io::block_writer& texts_;
    params into_;
    method_set allowed_;
};

route_table::found route_table::find(method method, std::string_view path, io::block_writer& texts,
                                     params into) const {
    if (path != "*") return search{method, texts, into}.run(root_, path);
    found whole;
    whole.allowed = all_;
    return whole;
}

}  // namespace weir::inline v0::http
