// A connection's requests and responses, which come in the order of their requests.
#pragma once

#include <string>

#include "weir/http/response_machine.hpp"

#include "app/load/dialogue.hpp"

namespace weir::app {

class http_dialogue final : public dialogue {
public:
    // Lifetime: bytes and limits outlive the dialogue.
    struct shared_words {
        bytes_view request;
        http::method method;
        const http::limits* limits;
    };
    http_dialogue(const shared_words& words, std::size_t depth) noexcept
        : words_{words}, depth_{depth}, machine_{*words.limits} {}

    request next() noexcept override;
    heard read(bytes_view input) override;
    heard read_end() override;
    bool goes_on() const noexcept override { return machine_.persists(); }

private:
    heard answered(std::size_t consumed);

    shared_words words_;
    std::size_t depth_;
    std::size_t sent_ = 0;  // modulo the depth, as all places
    std::size_t answered_ = 0;
    std::size_t in_flight_ = 0;
    std::size_t bytes_ = 0;  // of the response at hand
    std::string refusal_;
    http::response_machine machine_;
    http::received_head head_;
};

}  // namespace weir::app
