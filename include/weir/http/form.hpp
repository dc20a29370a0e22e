// The pairs of a form body (application/x-www-form-urlencoded).
//
//     auto sent = co_await or_return(request.form());
//     if (auto name = sent.find("name")) ...
#pragma once

#include <optional>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/http/query.hpp"
#include "weir/io/block_writer.hpp"

namespace weir::inline v0::http {

// Lifetime: its request, as all that it hands out.
class WEIR_API form {
public:
    // pairs have sound escapes; what is decoded goes into texts.
    form(std::string_view pairs, io::block_writer& texts) noexcept
        : pairs_{pairs}, texts_{&texts} {}

    // The value of the first pair of this name, decoded when it is asked for. Any bytes. Throws
    // std::bad_alloc.
    std::optional<std::string_view> find(std::string_view name) const;
    // As they were sent.
    query_pairs pairs() const noexcept { return query_pairs{pairs_}; }

private:
    std::string_view pairs_;
    io::block_writer* texts_;
};

}  // namespace weir::inline v0::http
