// The same on http::request_machine. (http::serve is this over connections, without the copies that
// the tests need.)
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/http/request_machine.hpp"

namespace guide::state_machines {

class on_the_machine {
public:
    void arrives(std::string_view bytes) {
        buffer_ += bytes;
        while (step()) {
        }
    }
    // What the peer is told: 0 where nothing is wrong. to_string(why_) is its reason.
    int status() const {
        return why_ == weir::http::violation::none ? 0
                                                   : static_cast<int>(weir::http::status_of(why_));
    }

    std::vector<std::string> bodies;

private:
    bool step() {
        using kind = weir::http::action::kind;
        const auto told = machine_.next(weir::as_bytes(buffer_), head_);
        switch (told.what) {
            case kind::head:
                body_.clear();
                break;
            case kind::body:
                body_ += weir::as_text(told.body);
                break;
            case kind::end:
                bodies.push_back(body_);
                break;
            case kind::reject:
                why_ = told.why;
                return false;
            case kind::need_more:
                break;
            case kind::closed:
                return false;
        }
        buffer_.erase(0, told.consumed);
        return told.what != kind::need_more;
    }

    weir::http::limits limits_;
    weir::http::request_machine machine_{limits_};
    weir::http::request_head head_;
    weir::http::violation why_ = weir::http::violation::none;
    std::string buffer_;
    std::string body_;
};

}  // namespace guide::state_machines
