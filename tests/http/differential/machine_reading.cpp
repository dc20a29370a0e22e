#include "http/differential/machine_reading.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "weir/http/request_machine.hpp"
#include "weir/http/trailer_fields.hpp"

#include "support/moving_bytes.hpp"

namespace weir::inline v0::http {
namespace {

void promise(bool kept, const char* which) {
    if (!kept) throw std::logic_error{which};
}

plain::request as_plain(const request_head& head) {
    plain::request made;
    made.method = to_string(head.method());
    made.target = head.target().text();
    made.path = head.path();
    made.query = head.query();
    made.host = head.host();
    made.minor_version = head.version() == version::http_1_0 ? 0 : 1;
    made.fields.reserve(head.fields().size());
    for (const field& each : head.fields())
        made.fields.push_back({std::string{each.name}, std::string{each.value}});
    made.keeps_alive = head.keep_alive();
    made.expects_continue = head.expects_continue();
    return made;
}

// Stands in for a connection. Bytes that are not consumed move with each piece that comes.
class feeder {
public:
    // most: of bytes that are there at once.
    feeder(const limits& bounds, request_head& head, std::size_t most)
        : bounds_{&bounds}, machine_{bounds}, head_{head}, places_{most} {}

    void feed(std::string_view piece) {
        pending_ = as_text(places_.join(as_bytes(pending_), as_bytes(piece)));
        while (step()) {
        }
        // A server puts the machine of an idle connection away.
        if (machine_.idle() && machine_.persists())
            machine_ = request_machine{*bounds_, machine_.rest()};
    }

    machine_reading finish() {
        if (found_.why != violation::none) {
            found_.said.end = plain::ending::rejected;
            found_.said.status = static_cast<int>(code_of(status_of(found_.why)));
        } else if (machine_.now() == request_machine::state::closed) {
            found_.said.end = plain::ending::closed;
        } else {
            const bool idle = machine_.idle();
            const bool clean = machine_.end_of_stream() == request_machine::ending::clean;
            promise(idle == clean, "an end of stream is clean between requests");
            found_.said.end =
                clean ? plain::ending::between_requests : plain::ending::inside_request;
        }
        return std::move(found_);
    }

private:
    bool step() {
        const action told = machine_.next(as_bytes(pending_), head_);
        promise(told.consumed <= pending_.size(), "consumed is of the input");
        switch (told.what) {
            case action::kind::head:
                found_.said.requests.push_back(as_plain(head_));
                break;
            case action::kind::body:
                take_body(as_text(told.body), pending_.substr(0, told.consumed));
                break;
            case action::kind::end:
                found_.said.requests.back().complete = true;
                take_trailers(as_text(told.body));
                break;
            case action::kind::reject:
                found_.why = told.why;
                found_.offset = told.offset;
                promise(machine_.next(as_bytes(pending_), head_).what == action::kind::closed,
                        "a rejection is final");
                break;
            case action::kind::need_more:
            case action::kind::closed:
                break;
        }
        pending_.remove_prefix(told.consumed);
        return told.what == action::kind::head || told.what == action::kind::body ||
               told.what == action::kind::end;
    }

    void take_body(std::string_view body, std::string_view consumed) {
        promise(!body.empty(), "a piece of a body is not empty");
        promise(body.data() >= consumed.data() &&
                    body.data() + body.size() == consumed.data() + consumed.size(),
                "a piece of a body is the last of what is consumed with it");
        found_.said.requests.back().body += body;
        promise(machine_.body_received() == found_.said.requests.back().body.size(),
                "the body is counted");
    }

    void take_trailers(std::string_view lines) {
        for (trailer_fields left{lines}; const auto each = left.next();)
            found_.said.requests.back().trailers.push_back(
                {std::string{each->name}, std::string{each->value}});
    }

    const limits* bounds_;
    request_machine machine_;
    request_head& head_;
    moving_bytes places_;
    std::string_view pending_;
    machine_reading found_;
};

}  // namespace

plain::limits as_plain(const limits& bounds) {
    plain::limits made;
    made.target = bounds.max_target_bytes;
    made.fields = bounds.max_fields;
    made.field_bytes = bounds.max_field_bytes;
    made.body = bounds.max_body_bytes;
    made.chunk_extensions = bounds.max_chunk_extension_bytes;
    made.trailers = bounds.max_trailer_bytes;
    return made;
}

machine_reading read_by_machine(std::string_view input, const std::vector<std::size_t>& cuts,
                                const limits& bounds, request_head& head) {
    feeder connection{bounds, head, input.size()};
    std::size_t from = 0;
    for (const std::size_t to : cuts) {
        connection.feed(input.substr(from, to - from));
        from = to;
    }
    connection.feed(input.substr(from));
    return connection.finish();
}

}  // namespace weir::inline v0::http
