// A request from its first byte to the end of its answer, with all that is kept for it meanwhile.
#pragma once

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "weir/flow/semaphore.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/http/request.hpp"
#include "weir/http/request_machine.hpp"
#include "weir/http/response.hpp"
#include "weir/metrics/gauge.hpp"
#include "weir/net/input.hpp"

#include "body_reader.hpp"
#include "handler_call.hpp"
#include "route.hpp"

namespace weir::inline v0::http {

// Over 5 KiB, which is why it is not in every connection: a loop lends it (loop_share).
class exchange {
public:
    exchange(io::loop& loop, const limits& bounds) noexcept
        : machine{bounds}, request{loop, body} {}

    // In flight from here on, until leave(). False where there is no place for it, on the loop or
    // of the route.
    bool enter(flow::semaphore& places, const route& to, metrics::gauge_cell gauge) {
        auto permit = places.try_acquire();
        if (!permit || (!to.places.empty() && !enter_route(to))) return false;
        permit_ = std::move(*permit);
        in_flight_ = gauge;
        in_flight_.add();
        return true;
    }
    void leave() noexcept {
        if (permit_) give_back_places();
    }
    // What runs is its route's, for its connection.
    origin whose() const noexcept {
        const route* const to = request.route_;
        return {to == nullptr ? "other" : to->pattern.c_str(), env->whose().number};
    }
    // Its answer is still to be written, and it is in flight until then.
    bool streams() const noexcept { return answer && answer->streamed() != nullptr; }
    // What has arrived of it is needed no more, though its answer may take long to be sent.
    void unpin() noexcept;
    // Forgets the request, and keeps the memory.
    void clear() noexcept;

    request_machine machine;
    body_reader body;
    const environment* env = nullptr;  // of the connection
    std::optional<handler_call> call;  // from its start to its end
    std::optional<response> answer;
    std::string_view offered;  // a protocol to switch to
    net::pin head_bytes;
    time_point head_until = never;
    bool answered = false;  // what is left of the body is nobody's
    time_point begun{};     // when the loop learned of it

private:
    bool enter_route(const route& to);
    void give_back_places() noexcept;

    flow::semaphore::permit permit_;
    std::vector<flow::shared_semaphore::permit> places_;  // of the route
    metrics::gauge_cell in_flight_;

public:
    // Behind all else: the most of it is room for fields that few requests have.
    http::request request;
};

}  // namespace weir::inline v0::http
