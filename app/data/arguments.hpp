// The parameters of one call: gathered, typed and checked, ready to be bound.
//
// Whatever is wrong with one is errc::invalid_argument, and names it. Values are views: into what
// the peer sent, into the endpoint's defaults, into the scratch memory.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/result.hpp"
#include "weir/db/params.hpp"
#include "weir/db/value.hpp"
#include "weir/json/reader.hpp"

#include "app/config/config.hpp"
#include "app/config/endpoint.hpp"
#include "app/data/scratch.hpp"

namespace weir::app {

class arguments {
public:
    // integers: how JSON writes those that JavaScript cannot hold; as a text they come back, too.
    // Lifetime: both outlive it. The endpoint has at most db::params::capacity parameters.
    arguments(const endpoint& of, scratch& memory,
              integer_style integers = integer_style::number) noexcept
        : endpoint_{&of}, memory_{&memory}, integers_{integers} {}

    // A value as it is written in a path or a query, its escapes taken off. Refused where there is
    // no such parameter from that source, or it has been given.
    result<> add(std::string_view name, parameter_source from, std::string_view written);
    // A member of a JSON object, wherever the parameter comes from; copies what it needs. null is
    // as good as no value.
    result<> add(std::string_view name, const json::value& value);
    // Likewise, where only parameters from the body are known.
    result<> add_from_body(std::string_view name, const json::value& value);

    // When all that came is in: refuses what is missing.
    result<> check() const;
    // What the statement binds, once check() has found nothing: what may be missing and is stands
    // as its default or as NULL. Lifetime: as said above.
    db::params bind() const;

private:
    static constexpr std::size_t nowhere = db::params::capacity;

    std::size_t find(std::string_view name) const noexcept;
    bool given(std::size_t at) const noexcept { return (given_ >> at & 1U) != 0; }
    bool has_value(std::size_t at) const noexcept { return given(at) && !values_[at].is_null(); }
    result<> claim(std::size_t at);
    result<> keep(std::size_t at, db::value value, const refusal& why_not);
    result<> keep_text(std::size_t at, std::string_view text);
    result<> keep_blob(std::size_t at, std::string_view text);
    result<> keep_written(std::size_t at, std::string_view text);
    bool takes_written(std::size_t at) const noexcept;
    result<> keep_json(std::size_t at, const json::value& value);
    error unknown(std::string_view name) const;
    error misplaced(std::size_t at) const;
    error refuse(std::size_t at, std::string_view why) const;

    const endpoint* endpoint_;
    scratch* memory_;
    integer_style integers_;
    std::uint32_t given_ = 0;  // a bit a parameter
    std::array<db::value, db::params::capacity> values_;
};

static_assert(db::params::capacity <= 32);

}  // namespace weir::app
