// The client's end of a conversation, for conversation_driver.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "weir/http/response_machine.hpp"

namespace weir::inline v0::http {

// Expects a response to each of the methods, one after the other.
class client_side {
public:
    using machine_type = response_machine;

    client_side(const limits& bounds, std::vector<method> asked)
        : machine_{bounds}, asked_{std::move(asked)} {}

    response_machine& machine() { return machine_; }
    received_head& head() { return *head_; }
    void prepare() {
        if (machine_.idle() && next_ < asked_.size()) machine_.expect(asked_[next_++]);
    }

    void write_head(std::string& log) const {
        log += "head " + std::to_string(code_of(head_->status())) + ' ';
        log += to_string(head_->version());
        log += " fields=" + std::to_string(head_->fields().size());
        if (head_->content_length()) log += " length=" + std::to_string(*head_->content_length());
        if (head_->chunked()) log += " chunked";
        if (!head_->keep_alive()) log += " close";
        log += '\n';
    }

private:
    response_machine machine_;
    std::unique_ptr<received_head> head_ = std::make_unique<received_head>();
    std::vector<method> asked_;
    std::size_t next_ = 0;
};

}  // namespace weir::inline v0::http
