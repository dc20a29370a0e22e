// JSON that came from a peer: one object, read strictly.
//
// Checked as a whole before anything of it is used: syntax, UTF-8, depth. Repeated and unknown
// members are for whoever reads them to refuse. It keeps the memory of one document for the next;
// each loop has its own. The only file that sees the JSON library is reader.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/result.hpp"

namespace weir::inline v0::json {

struct value {
    enum class kind : std::uint8_t { null, boolean, integer, real, text, array, object };

    kind is = kind::null;
    bool boolean = false;
    std::int64_t integer = 0;  // a number beyond its range is a real
    double real = 0;
    std::string_view text;
};

class visitor {
public:
    virtual result<> on_member(std::string_view name, const value& value) = 0;

protected:
    ~visitor() = default;
};

class WEIR_API reader {
public:
    // Nested deeper, a document is refused.
    static constexpr std::size_t max_depth = 32;

    reader();
    reader(const reader&) = delete;
    reader& operator=(const reader&) = delete;
    ~reader();

    // Errors: malformed, with what is wrong; out_of_memory.
    result<> parse(bytes_view text);

    // Visits the members of the object that was parsed, until one is refused. Names and texts are
    // good until the next parse().
    result<> each_member(visitor& visitor) const;
    // Likewise those of the object under a member's name, the first of that name. Errors: not_found
    // where there is no such member or it is no object; those of the visitor.
    result<> each_member_of(std::string_view name, visitor& visitor) const;

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace weir::inline v0::json
