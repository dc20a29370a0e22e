// Responses on one connection, each of which was asked for: the same events whole and in pieces.
#include "weir/http/response_machine.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "weir/http/trailer_fields.hpp"

#include "fuzz/cut.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"
#include "support/moving_bytes.hpp"

namespace weir::fuzz {
namespace {

using http::action;

// What the machine answered, body pieces joined.
struct conversation {
    std::string events;
    std::string bodies;
    http::violation why = http::violation::none;
    std::uint64_t offset = 0;

    bool operator==(const conversation&) const = default;
};

enum class asked : std::uint8_t { gets, heads_among_others, another_protocol };

class asking_client {
public:
    // most: of bytes that are there at once.
    asking_client(const http::limits& bounds, asked what, std::size_t most)
        : machine_{bounds}, places_{most}, most_body_{bounds.max_body_bytes}, what_{what} {}

    void arrive(bytes_view piece) {
        pending_ = places_.join(pending_, piece);
        while (step()) {
        }
    }

    conversation finish() {
        if (said_.why != http::violation::none) return said_;
        const bool clean = machine_.end_of_stream() == http::response_machine::ending::clean;
        while (step()) {
        }
        said_.events += clean ? "clean" : "premature";
        return said_;
    }

private:
    bool step() {
        if (machine_.idle() && asked_ < most_asked) {
            constexpr std::array methods{http::method::head, http::method::get, http::method::post};
            const bool others = what_ == asked::heads_among_others;
            machine_.expect(others ? methods[asked_ % methods.size()] : http::method::get,
                            what_ == asked::another_protocol);
            ++asked_;
        }
        const bool left_http = machine_.switched();
        const action told = machine_.next(pending_, head_);
        hold(!left_http || (told.what == action::kind::closed && told.consumed == 0),
             "what comes behind a switch of protocols is not read");
        hold(told.consumed <= pending_.size(), "consumed is of the input");
        if (told.what == action::kind::body) {
            take(told.body);
        } else if (told.what != action::kind::need_more && told.what != action::kind::closed) {
            said_.events += to_string(told.what);
            said_.events += ' ' + std::to_string(said_.bodies.size()) + '\n';
        }
        if (told.what == action::kind::head) write_head();
        if (told.what == action::kind::end) write_trailers(told.body);
        said_.why = std::max(said_.why, told.why);
        said_.offset = std::max(said_.offset, told.offset);
        pending_ = pending_.subspan(told.consumed);
        return told.what == action::kind::head || told.what == action::kind::body ||
               told.what == action::kind::end;
    }

    void take(bytes_view piece) {
        hold(!piece.empty(), "a piece of a body is not empty");
        said_.bodies += as_text(piece);
        hold(said_.bodies.size() - body_begin_ <= most_body_, "no body is over the limit");
    }

    void write_head() {
        body_begin_ = said_.bodies.size();
        said_.events += std::to_string(code_of(head_.status())) + ' ';
        said_.events += to_string(head_.version());
        for (const http::field& each : head_.fields()) write_field(each);
        said_.events += head_.keep_alive() ? " keeps alive\n" : "\n";
    }

    void write_trailers(bytes_view lines) {
        for (http::trailer_fields left{as_text(lines)}; const auto each = left.next();)
            write_field(*each);
    }

    void write_field(const http::field& each) {
        hold(http::check_field(each.name, each.value).has_value(), "a field that came may be sent");
        ((said_.events += each.name) += ':') += each.value;
    }

    static constexpr std::size_t most_asked = 16;

    http::response_machine machine_;
    http::received_head head_;
    moving_bytes places_;
    bytes_view pending_;
    conversation said_;
    std::size_t asked_ = 0;
    std::size_t body_begin_ = 0;
    std::uint64_t most_body_;
    asked what_;
};

void read_responses(const http::limits& bounds, asked what, bytes_view input) {
    asking_client whole{bounds, what, input.size()};
    whole.arrive(input);
    asking_client cut{bounds, what, input.size()};
    std::size_t from = 0;
    for (const std::size_t to : cuts_of(input)) {
        cut.arrive(input.subspan(from, to - from));
        from = to;
    }
    cut.arrive(input.subspan(from));
    hold(whole.finish() == cut.finish(), "a connection means the same wherever it is cut");
}

}  // namespace

// To GET, to HEAD among others, to GET under limits that a fuzzer reaches, and to GET that asks for
// another protocol.
void response_machine(bytes_view input, std::size_t variant) {
    http::limits bounds;
    if (variant == 2) {
        bounds.max_fields = 4;
        bounds.max_field_bytes = 90;
        bounds.max_body_bytes = 20;
        bounds.max_chunk_extension_bytes = 8;
        bounds.max_trailer_bytes = 20;
    }
    constexpr std::array variants{asked::gets, asked::heads_among_others, asked::gets,
                                  asked::another_protocol};
    read_responses(bounds, variants[variant], input);
}

}  // namespace weir::fuzz
