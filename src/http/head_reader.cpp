#include "weir/http/head_reader.hpp"

#include <algorithm>
#include <bit>
#include <cstring>

#include "field_line.hpp"
#include "plain_fields.hpp"
#include "request_line.hpp"
#include "scan.hpp"
#include "status_line.hpp"

namespace weir::inline v0::http {
namespace {

// Method, spaces, version and line end, with room for methods that are not known.
constexpr std::size_t longest_line_without_target = 64;

std::size_t request_line_limit(const limits& bounds) noexcept {
    return bounds.max_target_bytes + longest_line_without_target;
}

// A line may be well formed and still be one that is not served. What cannot be understood at all
// comes before what is merely not offered.
violation judge(const request_line& line, std::optional<method> known,
                const limits& bounds) noexcept {
    if (line.major != '1') return violation::unknown_version;
    if (!known) return violation::unknown_method;
    if (*known == method::connect) return violation::connect_not_offered;
    if (line.target.size() > bounds.max_target_bytes) return violation::target_too_long;
    return violation::none;
}

bool fits(method which, const target& addressed) noexcept {
    return addressed.which() != target::form::asterisk || which == method::options;
}

version version_of(char minor) noexcept {
    return minor == '0' ? version::http_1_0 : version::http_1_1;
}

std::size_t distance(const char* from, const char* to) noexcept {
    return static_cast<std::size_t>(to - from);
}

}  // namespace

head_reader::state head_reader::read(std::string_view input, request_head& head,
                                     const limits& bounds) noexcept {
    return read_head(input, head, bounds);
}

head_reader::state head_reader::read(std::string_view input, received_head& head,
                                     const limits& bounds) noexcept {
    return read_head(input, head, bounds);
}

template <class Head>
head_reader::state head_reader::read_head(std::string_view input, Head& head,
                                          const limits& bounds) noexcept {
    if (base_ != input.data()) {
        if (base_ != nullptr) head.rebase(base_, input.data());
        base_ = input.data();
    }
    table.visit(state_, [&](auto now) noexcept { step(now, input, head, bounds); });
    return state_;
}

template <class Head>
void head_reader::step(in_state<state::before_message>, std::string_view input, Head& head,
                       const limits& bounds) noexcept {
    if (read_beginning(input, head)) step(in_state<state::start_line>{}, input, head, bounds);
}

template <class Head>
void head_reader::step(in_state<state::start_line>, std::string_view input, Head& head,
                       const limits& bounds) noexcept {
    if (!read_start_line(input, head, bounds)) return;
    if (repeat_fields(input, head, bounds)) return;
    step(in_state<state::fields>{}, input, head, bounds);
}

template <class Head>
void head_reader::step(in_state<state::fields>, std::string_view input, Head& head,
                       const limits& bounds) noexcept {
    while (state_ == state::fields) {
        if (scanned_ <= line_ && !skim_fields(input, head, bounds)) return;
        if (!read_field(input, head, bounds)) return;
    }
    remember_fields(input, head);
}

void head_reader::restart() noexcept {
    on(event::restarted);
    base_ = nullptr;
    line_ = scanned_ = fields_ = 0;
}

// What does not even start like a request is refused at its first byte: a TLS greeting, say.
bool head_reader::read_beginning(std::string_view input, const request_head&) noexcept {
    if (input.empty()) return false;
    on(event::first_byte);
    if (scan::is(input[0], scan::token)) return true;
    if (input[0] == '\r') return refuse(violation::bare_carriage_return, 0);
    if (input[0] == '\n') return refuse(violation::bare_line_feed, 0);
    return refuse(violation::malformed_method, 0);
}

bool head_reader::read_beginning(std::string_view input, const received_head&) noexcept {
    if (input.empty()) return false;
    on(event::first_byte);
    if (input[0] != 'H') return refuse(violation::malformed_status_line, 0);
    return true;
}

bool head_reader::read_start_line(std::string_view input, request_head& head,
                                  const limits& bounds) noexcept {
    const std::size_t limit = request_line_limit(bounds);
    if (scanned_ > 0 && find_line_end(input, limit) == line_end::missing) return false;
    const char* const last = input.data() + input.size();
    const request_line line = parse_request_line(input.data(), last);
    if (line.next == nullptr || distance(input.data(), line.next) > limit) {
        const line_end end = find_line_end(input, limit);
        if (end == line_end::missing) return false;
        if (end == line_end::too_far)
            return refuse_long_request_line(input.substr(0, limit), bounds);
        return refuse(judge_request_line(line, last), distance(input.data(), line.at));
    }
    const std::optional<method> known = parse_method(line.method);
    if (const violation why = judge(line, known, bounds); why != violation::none)
        return refuse(why, 0);
    if (!head.target_.assign(line.target) || !fits(*known, head.target_))
        return refuse(violation::malformed_target, distance(input.data(), line.target.data()));
    head.method_ = *known;
    head.version_ = version_of(line.minor);
    end_start_line(input, line.next);
    return true;
}

bool head_reader::read_start_line(std::string_view input, received_head& head,
                                  const limits&) noexcept {
    if (scanned_ > 0 && find_line_end(input, longest_status_line) == line_end::missing)
        return false;
    const char* const last = input.data() + input.size();
    const status_line line = parse_status_line(input.data(), last);
    if (line.next == nullptr || distance(input.data(), line.next) > longest_status_line) {
        const line_end end = find_line_end(input, longest_status_line);
        if (end == line_end::missing) return false;
        if (end == line_end::too_far)
            return refuse(violation::malformed_status_line, longest_status_line);
        return refuse(judge_status_line(line.at, last), distance(input.data(), line.at));
    }
    if (line.major != '1') return refuse(violation::unknown_version, 0);
    head.status_ = static_cast<status>(line.code);
    head.version_ = version_of(line.minor);
    end_start_line(input, line.next);
    return true;
}

void head_reader::end_start_line(std::string_view input, const char* next) noexcept {
    line_ = fields_ = scanned_ = distance(input.data(), next);
    on(event::start_line_ended);
}

// Where they are the last request's: most clients say the same each time.
bool head_reader::repeat_fields(std::string_view input, request_head& head,
                                const limits& bounds) noexcept {
    const std::size_t size = head.repeat_known(input.substr(fields_), bounds);
    if (size == 0) return false;
    line_ = scanned_ = fields_ + size;
    end_fields(head);
    return true;
}

void head_reader::remember_fields(std::string_view input, request_head& head) const noexcept {
    head.remember(input.substr(fields_, line_ - fields_));
}

// Takes the lines that are whole, well formed and within the limits; leaves the first that is not
// to read_field. False where a field's meaning is a violation.
bool head_reader::skim_fields(std::string_view input, message_head& head,
                              const limits& bounds) noexcept {
    const char* const last = input.data() + input.size();
    const char* const start = input.data() + fields_;
    const char* const limit =
        start + std::min<std::size_t>(bounds.max_field_bytes, distance(start, last));
    const char* line = input.data() + line_;
    const std::uint32_t most = std::min(bounds.max_fields, limits::field_capacity);
    while (head.count_ < most && line != last && *line != '\r') {
        field* const content = &head.fields_[head.count_];
        skimmed_fields found =
            skim_plain_fields({input.data(), line, limit, last}, {content, most - head.count_});
        if (found.count == 0) {
            found.next = parse_field_line(line, last, input.data(), *content).next;
            if (found.next == nullptr || found.next > limit) break;
            found.count = 1;
            found.known = 1;
        }
        for (; found.known != 0; found.known &= found.known - 1) {
            const field& known = content[std::countr_zero(found.known)];
            if (const violation why = head.control_.add(known); why != violation::none)
                return refuse(why, distance(input.data(), known.name.data()));
        }
        line = found.next;
        head.count_ += found.count;
    }
    line_ = scanned_ = distance(input.data(), line);
    return true;
}

bool head_reader::read_field(std::string_view input, message_head& head,
                             const limits& bounds) noexcept {
    const char* const first = input.data() + line_;
    const char* const last = input.data() + input.size();
    if (first == last) return false;
    if (*first == '\r') {
        if (last - first < 2) return false;
        if (first[1] != '\n') return refuse(violation::bare_carriage_return, line_);
        line_ += 2;
        return end_fields(head);
    }
    if (head.count_ >= std::min(bounds.max_fields, limits::field_capacity))
        return refuse(violation::too_many_fields, line_);
    const std::size_t used = line_ - fields_;
    const std::size_t limit =
        bounds.max_field_bytes - std::min<std::size_t>(used, bounds.max_field_bytes);
    if (scanned_ > line_ && find_line_end(input, limit) == line_end::missing) return false;
    field& content = head.fields_[head.count_];
    const field_line_end line = parse_field_line(first, last, input.data(), content);
    if (line.next == nullptr || distance(first, line.next) > limit) {
        const line_end end = find_line_end(input, limit);
        if (end == line_end::missing) return false;
        if (end == line_end::too_far) return refuse_fields(bounds);
        return refuse(judge_field_line(first, last, line.at), distance(input.data(), line.at));
    }
    if (const violation why = head.control_.add(content); why != violation::none)
        return refuse(why, line_);
    ++head.count_;
    line_ = scanned_ = distance(input.data(), line.next);
    return true;
}

bool head_reader::end_fields(const message_head& head) noexcept {
    const violation why = head.control_.check(head.version_);
    if (why != violation::none) return refuse(why, line_);
    on(event::fields_ended);
    return true;
}

// start is as long as a request line may be, and holds no line end.
bool head_reader::refuse_long_request_line(std::string_view start, const limits& bounds) noexcept {
    const char* const first = start.data();
    const char* const end = scan::skip_token(first, first + start.size());
    if (end == first + start.size()) return refuse(violation::unknown_method, 0);
    if (*end != ' ') return refuse(violation::malformed_method, distance(first, end));
    return refuse(violation::target_too_long, distance(first, end) + 1 + bounds.max_target_bytes);
}

bool head_reader::refuse_fields(const limits& bounds) noexcept {
    return refuse(violation::fields_too_large, fields_ + bounds.max_field_bytes);
}

bool head_reader::refuse(violation why, std::size_t offset) noexcept {
    why_ = why;
    offset_ = offset;
    on(event::violated);
    return false;
}

// Whether the line at line_ ends within `limit` bytes. Looks at each byte once.
head_reader::line_end head_reader::find_line_end(std::string_view input,
                                                 std::size_t limit) noexcept {
    const std::size_t end = std::min(input.size(), line_ + limit);
    if (scanned_ < end && std::memchr(input.data() + scanned_, '\n', end - scanned_) != nullptr)
        return line_end::found;
    scanned_ = std::max(scanned_, end);
    return input.size() - line_ >= limit ? line_end::too_far : line_end::missing;
}

std::string_view to_string(head_reader::state which) noexcept {
    switch (which) {
        case head_reader::state::before_message:
            return "before_message";
        case head_reader::state::start_line:
            return "start_line";
        case head_reader::state::fields:
            return "fields";
        case head_reader::state::complete:
            return "complete";
        case head_reader::state::broken:
            return "broken";
    }
    return "unknown";
}

std::string_view to_string(head_reader::event which) noexcept {
    switch (which) {
        case head_reader::event::first_byte:
            return "first_byte";
        case head_reader::event::start_line_ended:
            return "start_line_ended";
        case head_reader::event::fields_ended:
            return "fields_ended";
        case head_reader::event::violated:
            return "violated";
        case head_reader::event::restarted:
            return "restarted";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
