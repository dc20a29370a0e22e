// What a protocol machine asks of whoever drives it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/http/status.hpp"
#include "weir/http/violation.hpp"

namespace weir::inline v0::http {

// What the driver is to do now.
struct action {
    enum class kind : std::uint8_t {
        need_more,  // read more bytes
        head,       // the head is complete
        body,       // `body` is the next piece of the body, never empty
        end,        // the message is complete; the next call begins another. `body` is what came
                    // behind a chunked body: trailer_fields takes it apart
        reject,     // the peer broke the protocol: close, a server after `answer`
        closed,     // nothing more is read from this connection
    };

    static action told(kind what) noexcept {
        action step;
        step.what = what;
        return step;
    }
    static action rejection(violation why, std::uint64_t offset) noexcept {
        action step;
        step.what = kind::reject;
        step.why = why;
        step.answer = status_of(why);
        step.offset = offset;
        return step;
    }

    kind what = kind::need_more;
    violation why = violation::none;
    // Of a rejection: a client's fault is answered to it; a server's is 502 to whoever the request
    // was made for.
    status answer = status::ok;
    std::size_t consumed = 0;  // bytes of the input that are done with
    bytes_view body;
    std::uint64_t offset = 0;  // of a rejection: the offending byte, counted from the message's
};

WEIR_API std::string_view to_string(action::kind which) noexcept;

}  // namespace weir::inline v0::http
