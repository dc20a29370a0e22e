#include "stream_call.hpp"

#include "exchange.hpp"

namespace weir::inline v0::http {

stream_call_awaiter::stream_call_awaiter(const stream_call& call, const environment& outer)
    : request_call{*call.current_,
                   *call.share_,
                   outer,
                   {after(outer.now(), call.patience_), never, true}},
      patience_{call.patience_},
      running_{call.current_->answer->streamed()->write(*call.out_).release(), env()} {
    call.out_->times(this);
}

bool stream_call_awaiter::answers() noexcept {
    body().notice_end();
    if (body().how() != body_reader::ending::none) return false;
    body().forgo_asking();
    forgo_body();
    return true;
}

}  // namespace weir::inline v0::http
