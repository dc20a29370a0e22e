#include "app/config/parameter_reader.hpp"

#include <utility>

namespace weir::app {

namespace {

constexpr std::array types{
    choice{"text", parameter_type::text}, choice{"integer", parameter_type::integer},
    choice{"real", parameter_type::real}, choice{"boolean", parameter_type::boolean},
    choice{"blob", parameter_type::blob}};
constexpr std::array sources{choice{"path", parameter_source::path},
                             choice{"query", parameter_source::query},
                             choice{"body", parameter_source::body}};

// A body without defined meaning (RFC 9110 sections 9.3.1 and 9.3.5) is none to take values from.
bool has_body(endpoint_method method) noexcept {
    return method != endpoint_method::get && method != endpoint_method::delete_;
}

class parameter_reader {
public:
    parameter_reader(reading& reading, const toml_entry& entry, const std::string& key,
                     const parameter_context& context)
        : context_{context}, in_{reading, entry.value, key + '.' + entry.key} {
        into_.name = entry.key;
    }

    parameter read() {
        if (!is_parameter_name(into_.name))
            in_.add("", "the name must be of letters, digits and _, and begin with no digit");
        // Known whatever the type is, and misplaced at worst.
        for (const char* key : {"min", "max", "max_length", "pattern"}) in_.find(key);
        const bool typed =
            in_.read_choice("type", into_.type, types) || in_.find("type") == nullptr;
        read_source();
        // What follows depends on the type: with a wrong one, all of it would seem wrong.
        if (typed) read_bounds();
        read_fallback(typed);
        if (in_.find("example") != nullptr && typed) read_value("example", into_.example);
        in_.finish();
        return std::move(into_);
    }

private:
    void read_source() {
        const bool in_path = context_.path && context_.path->has(into_.name);
        into_.from = usual_source(in_path);
        if (!in_.read_choice("from", into_.from, sources)) return;
        const bool from_path = into_.from == parameter_source::path;
        if (context_.path && from_path && !in_path)
            in_.add("from", "the path has no {" + into_.name + "}");
        if (context_.path && !from_path && in_path)
            in_.add("from", "must be \"path\": the path has {" + into_.name + "}");
        const bool from_body = into_.from == parameter_source::body;
        if (from_body && context_.method && !has_body(*context_.method))
            in_.add("from", "a " + std::string{to_string(*context_.method)} +
                                " has no body to take it from");
    }

    parameter_source usual_source(bool in_path) const noexcept {
        if (in_path) return parameter_source::path;
        const bool body = context_.method && has_body(*context_.method);
        return body ? parameter_source::body : parameter_source::query;
    }

    bool is(parameter_type type) const noexcept { return into_.type == type; }

    // True where the key is there and goes with the type.
    bool offered(std::string_view key, bool fits, std::string_view owners) {
        if (in_.find(key) == nullptr) return false;
        if (!fits) in_.add(key, "is only for parameters of type " + std::string{owners});
        return fits;
    }

    void read_bounds() {
        const std::size_t before = in_.problems_found();
        read_integers();
        read_reals();
        read_lengths();
        read_pattern();
        bounded_soundly_ = in_.problems_found() == before;
    }

    void read_integers() {
        if (!is(parameter_type::integer)) return;
        std::int64_t bound = 0;
        if (offered("min", true, "integer and real") && in_.read_integer("min", bound))
            into_.integers.min = bound;
        if (offered("max", true, "integer and real") && in_.read_integer("max", bound))
            into_.integers.max = bound;
        check_order(into_.integers);
    }

    void read_reals() {
        if (is(parameter_type::integer)) return;
        const bool real = is(parameter_type::real);
        double bound = 0;
        if (offered("min", real, "integer and real") && in_.read_real("min", bound))
            into_.reals.min = bound;
        if (offered("max", real, "integer and real") && in_.read_real("max", bound))
            into_.reals.max = bound;
        check_order(into_.reals);
    }

    template <class T>
    void check_order(const bounds<T>& bounds) {
        if (bounds.min && bounds.max && *bounds.min > *bounds.max)
            in_.add("min", "is greater than max");
    }

    void read_lengths() {
        const bool fits = is(parameter_type::text) || is(parameter_type::blob);
        std::size_t length = 0;
        if (offered("max_length", fits, "text and blob") &&
            in_.read_count("max_length", length, {1, 1LL << 31}))
            into_.max_length = length;
    }

    void read_pattern() {
        std::string text;
        if (!offered("pattern", is(parameter_type::text), "text") ||
            !in_.read_verbatim("pattern", text))
            return;
        auto compiled = pattern::compile(std::move(text));
        if (compiled)
            into_.matches = std::move(*compiled);
        else
            in_.add("pattern", "is no regular expression: " + compiled.error().message());
    }

    void read_fallback(bool typed) {
        const bool from_path = into_.from == parameter_source::path;
        const bool has_default = in_.find("default") != nullptr;
        if (has_default && from_path) in_.add("default", "a path always has its parameters");
        into_.required = from_path || !has_default;
        bool required = into_.required;
        if (in_.read_flag("required", required)) {
            if (from_path && !required) in_.add("required", "a path always has its parameters");
            if (has_default && required) in_.add("required", "what has a default is never missing");
            into_.required = required;
        }
        if (!has_default || from_path || !typed) return;
        if (is(parameter_type::blob)) return in_.add("default", "a blob has none");
        read_value("default", into_.fallback);
    }

    // Checked as a caller's is; by its type alone where what bounds it is wrong.
    void read_value(std::string_view key, parameter_value& into) {
        std::string text;
        if (is(parameter_type::blob) && in_.read_verbatim(key, text)) into = text;
        if (is(parameter_type::text) && in_.read_text(key, text))
            keep(key, into, text, into_.check(std::string_view{text}));
        if (std::int64_t value = 0; is(parameter_type::integer) && in_.read_integer(key, value))
            keep(key, into, value, into_.check(value));
        if (double value = 0; is(parameter_type::real) && in_.read_real(key, value))
            keep(key, into, value, into_.check(value));
        if (bool value = false; is(parameter_type::boolean) && in_.read_flag(key, value))
            into = value;
    }

    template <class T>
    void keep(std::string_view key, parameter_value& into, const T& value, const refusal& why_not) {
        if (why_not && bounded_soundly_) return in_.add(key, *why_not);
        into = value;
    }

    const parameter_context& context_;
    section in_;
    parameter into_;
    bool bounded_soundly_ = true;
};

}  // namespace

parameter read_parameter(reading& reading, const toml_entry& entry, const std::string& key,
                         const parameter_context& context) {
    return parameter_reader{reading, entry, key, context}.read();
}

}  // namespace weir::app
