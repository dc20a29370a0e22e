#include "route_table.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "weir/http/path_segments.hpp"
#include "weir/http/percent.hpp"

namespace weir::inline v0::http {
namespace {

constexpr std::string_view rest_mark = "...";

bool is_param(std::string_view segment) noexcept {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

std::string_view inside(std::string_view param) noexcept {
    return param.substr(1, param.size() - 2);
}

bool is_rest(std::string_view segment) noexcept {
    return is_param(segment) && inside(segment).ends_with(rest_mark);
}

std::string_view name_of(std::string_view param) noexcept {
    std::string_view name = inside(param);
    if (is_rest(param)) name.remove_suffix(rest_mark.size());
    return name;
}

void check_segment(std::string_view pattern, std::string_view segment) {
    const std::string_view text = is_param(segment) ? name_of(segment) : segment;
    if (is_param(segment) && text.empty()) refuse_route(pattern, "has a parameter without a name");
    if (text.find_first_of("{}") != std::string_view::npos)
        refuse_route(pattern, "has a {name} that is not a whole segment");
    if (text.find_first_of("%?#") != std::string_view::npos)
        refuse_route(pattern, "has a character that a decoded path is not matched with");
}

std::string_view decoded(std::string_view segment, io::block_writer& texts) {
    if (segment.find('%') == std::string_view::npos) return segment;
    const bytes_span room = texts.reserve(segment.size());
    const auto text = percent_decode(segment, {reinterpret_cast<char*>(room.data()), room.size()});
    if (!text) return segment;
    texts.commit(text->size());
    return *text;
}

response with_allow(response answer, const method_set& allowed) {
    (void)answer.add("Allow", allowed.text());
    return answer;
}

response answer_unmatched(request& asked) {
    const method_set allowed = asked.allowed();
    if (allowed.empty()) return problem(status::not_found);
    if (asked.method() == method::options) return with_allow(response{status::no_content}, allowed);
    return with_allow(problem(status::method_not_allowed), allowed);
}

}  // namespace

route_table::route_table() {
    scopes_.push_back(std::make_unique<route_scope>(nullptr, "", route_limits{}));
    set_otherwise(answer_unmatched);
}

route_table::node& route_table::node::below(std::string_view segment) {
    std::unique_ptr<node>* next = is_rest(segment) ? &rest : &param;
    if (!is_param(segment)) {
        auto known = std::ranges::find(literals, segment,
                                       &std::pair<std::string, std::unique_ptr<node>>::first);
        if (known == literals.end())
            known = literals.insert(known, {std::string{segment}, nullptr});
        next = &known->second;
    }
    if (*next == nullptr) *next = std::make_unique<node>();
    return **next;
}

void route_table::add(method method, std::unique_ptr<route> added) {
    const std::string_view pattern = added->pattern;
    if (!pattern.starts_with('/')) refuse_route(pattern, "does not begin with /");
    node* at = &root_;
    std::size_t count = 0;
    bool ended = false;
    for (path_segments segments{pattern}; auto segment = segments.next(); ++count) {
        if (ended) refuse_route(pattern, "goes on behind a {name...}");
        ended = is_rest(*segment);
        check_segment(pattern, *segment);
        if (is_param(*segment)) {
            const std::string_view name = name_of(*segment);
            if (std::ranges::find(added->params, name) != added->params.end())
                refuse_route(pattern, "has a parameter twice");
            added->params.emplace_back(name);
        }
        at = &at->below(*segment);
    }
    if (count > max_segments) refuse_route(pattern, "has too many segments");
    if (added->params.size() > request::max_params)
        refuse_route(pattern, "has too many parameters");
    if (at->methods.has(method)) refuse_route(pattern, "is there already");
    if (added->params.empty() && at->methods.empty()) literals_.add(pattern, *at);
    at->methods.add(method);
    all_.add(method);
    added->number = routes_.size() + 1;
    at->by_method[static_cast<std::size_t>(method)] = added.get();
    routes_.push_back(std::move(added));
}

route_scope& route_table::add_scope(route_scope& around, std::string_view prefix,
                                    const route_limits& limits) {
    const std::string whole = around.prefix + std::string{prefix};
    if (!prefix.empty() && !prefix.starts_with('/')) refuse_route(whole, "does not begin with /");
    if (prefix.ends_with('/')) refuse_route(whole, "ends with /, as the beginning of others");
    check_limits(whole, limits);
    scopes_.push_back(std::make_unique<route_scope>(&around, whole, limits));
    return *scopes_.back();
}

void route_table::set_otherwise(handler how) {
    otherwise_ = std::make_unique<route>(std::move(how), "other", "other");
    otherwise_->belongs_to(root(), {});
}

void route_table::seal(const server_options& options) {
    otherwise_->seal(options);
    for (const auto& each : routes_) each->seal(options);
}

std::uint64_t route_table::largest_body() const noexcept {
    std::uint64_t largest = otherwise_->limits.max_body_bytes;
    for (const auto& each : routes_) largest = std::max(largest, each->limits.max_body_bytes);
    return largest;
}

// Depth first, literal before parameter before rest. A node has one way that leads to it, so no
// node is visited twice, and the tree is no deeper than the longest pattern.
class route_table::search {
public:
    search(method method, std::string_view path, io::block_writer& texts, params into) noexcept
        : method_{method}, path_{path}, texts_{texts}, into_{into} {}

    found run(const node& root) {
        found answer;
        answer.which = visit(root, path_segments{path_}, 0);
        answer.allowed = allowed_;
        return answer;
    }

private:
    // params of those before were taken.
    const route* visit(const node& at, path_segments rest, std::size_t params) {
        const auto next = rest.next();
        if (!next) return end_at(at);
        const std::string_view segment = decoded(*next, texts_);
        for (const auto& [literal, below] : at.literals) {
            if (literal != segment) continue;
            if (const route* which = visit(*below, rest, params)) return which;
        }
        if (at.param != nullptr && !segment.empty()) {
            into_[params] = segment;
            if (const route* which = visit(*at.param, rest, params + 1)) return which;
        }
        if (at.rest == nullptr) return nullptr;
        const std::size_t begin = static_cast<std::size_t>(next->data() - path_.data());
        into_[params] = decoded(path_.substr(begin), texts_);
        return end_at(*at.rest);
    }

    const route* end_at(const node& at) noexcept {
        allowed_.add(at.methods);
        return at.answer(method_);
    }

    method method_;
    std::string_view path_;
    io::block_writer& texts_;
    params into_;
    method_set allowed_;
};

route_table::found route_table::find(method method, std::string_view path, io::block_writer& texts,
                                     params into) const {
    if (path != "*") return search{method, path, texts, into}.run(root_);
    found whole;
    whole.allowed = all_;
    return whole;
}

}  // namespace weir::inline v0::http
