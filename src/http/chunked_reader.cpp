#include "weir/http/chunked_reader.hpp"

#include <algorithm>
#include <cstring>

#include "chunk_size.hpp"
#include "field_line.hpp"

namespace weir::inline v0::http {

chunked_reader::progress chunked_reader::read(bytes_view input, const limits& bounds) noexcept {
    progress so_far;
    const auto step_on = [&](auto now) noexcept {
        return step(now, as_text(input).substr(so_far.consumed), bounds, so_far);
    };
    while (table.visit(state_, step_on)) {
    }
    so_far.now = state_;
    return so_far;
}

void chunked_reader::restart() noexcept {
    on(event::restarted);
    *this = chunked_reader{};
}

bool chunked_reader::step(in_state<state::size>, std::string_view rest, const limits& bounds,
                          progress& so_far) noexcept {
    const std::size_t left = bounds.max_chunk_extension_bytes - extension_bytes_;
    const std::size_t limit = longest_chunk_size + left + 2;
    if (line_incomplete(rest, limit)) return false;
    const std::string_view line = rest.substr(0, limit);
    return announce(line.substr(0, line.find('\n') + (line.contains('\n') ? 1 : 0)), bounds,
                    so_far);
}

// A size is compared with what is left of the limit before a byte of the chunk is read.
bool chunked_reader::announce(std::string_view line, const limits& bounds,
                              progress& so_far) noexcept {
    const chunk_size next =
        parse_chunk_size(line, bounds.max_chunk_extension_bytes - extension_bytes_);
    if (next.why != violation::none) return refuse(next.why, next.at, so_far);
    if (next.size > bounds.max_body_bytes - received_)
        return refuse(violation::body_too_large, 0, so_far);
    extension_bytes_ += static_cast<std::uint32_t>(next.extension_bytes);
    so_far.consumed += line.size();
    scanned_ = 0;
    left_ = next.size;
    on(next.size == 0 ? event::last_chunk_announced : event::chunk_announced);
    return true;
}

// Hands on what is here, up to the chunk's end, and stops there: one piece a call.
bool chunked_reader::step(in_state<state::data>, std::string_view rest, const limits&,
                          progress& so_far) noexcept {
    const std::size_t size = std::min<std::uint64_t>(rest.size(), left_);
    so_far.data = as_bytes(rest.substr(0, size));
    so_far.consumed += size;
    received_ += size;
    left_ -= size;
    if (left_ == 0) on(event::data_ended);
    return false;
}

bool chunked_reader::step(in_state<state::data_end>, std::string_view rest, const limits&,
                          progress& so_far) noexcept {
    if (rest.empty()) return false;
    if (rest[0] != '\r') return refuse(violation::malformed_chunk_end, 0, so_far);
    if (rest.size() < 2) return false;
    if (rest[1] != '\n') return refuse(violation::malformed_chunk_end, 1, so_far);
    so_far.consumed += 2;
    on(event::chunk_ended);
    return true;
}

// rest begins with the first of them: they stay together until the last has come.
bool chunked_reader::step(in_state<state::trailers>, std::string_view rest, const limits& bounds,
                          progress& so_far) noexcept {
    const std::size_t before = trailer_bytes_;
    const std::string_view left = rest.substr(before);
    if (left.empty()) return false;
    if (left[0] == '\r') {
        if (left.size() < 2) return false;
        if (left[1] != '\n') return refuse(violation::bare_carriage_return, before, so_far);
        so_far.trailers = as_bytes(rest.substr(0, before));
        so_far.consumed += before + 2;
        on(event::trailers_ended);
        return false;
    }
    const std::size_t limit = bounds.max_trailer_bytes - trailer_bytes_;
    if (line_incomplete(left, limit)) return false;
    const std::string_view line = left.substr(0, limit);
    if (!line.contains('\n')) return refuse(violation::trailers_too_large, before + limit, so_far);
    const char* const last = line.data() + line.size();
    field checked;
    const field_line_end trailer = parse_field_line(line.data(), last, line.data(), checked);
    if (trailer.next == nullptr)
        return refuse(judge_field_line(line.data(), last, trailer.at),
                      static_cast<std::size_t>(trailer.at - rest.data()), so_far);
    trailer_bytes_ += static_cast<std::uint32_t>(trailer.next - line.data());
    scanned_ = 0;
    return true;
}

bool chunked_reader::step(in_state<state::complete>, std::string_view, const limits&,
                          progress&) noexcept {
    return false;
}

bool chunked_reader::step(in_state<state::broken>, std::string_view, const limits&,
                          progress&) noexcept {
    return false;
}

bool chunked_reader::refuse(violation why, std::size_t offset, progress& so_far) noexcept {
    so_far.why = why;
    so_far.consumed += offset;
    on(event::violated);
    return false;
}

// Whether the line's end may still come within the limit. Looks at each byte once.
bool chunked_reader::line_incomplete(std::string_view rest, std::size_t limit) noexcept {
    const std::size_t end = std::min(rest.size(), limit);
    const bool found =
        scanned_ < end && std::memchr(rest.data() + scanned_, '\n', end - scanned_) != nullptr;
    if (found) return false;
    scanned_ = end;
    return end < limit;
}

std::string_view to_string(chunked_reader::state which) noexcept {
    switch (which) {
        case chunked_reader::state::size:
            return "size";
        case chunked_reader::state::data:
            return "data";
        case chunked_reader::state::data_end:
            return "data_end";
        case chunked_reader::state::trailers:
            return "trailers";
        case chunked_reader::state::complete:
            return "complete";
        case chunked_reader::state::broken:
            return "broken";
    }
    return "unknown";
}

std::string_view to_string(chunked_reader::event which) noexcept {
    switch (which) {
        case chunked_reader::event::chunk_announced:
            return "chunk_announced";
        case chunked_reader::event::last_chunk_announced:
            return "last_chunk_announced";
        case chunked_reader::event::data_ended:
            return "data_ended";
        case chunked_reader::event::chunk_ended:
            return "chunk_ended";
        case chunked_reader::event::trailers_ended:
            return "trailers_ended";
        case chunked_reader::event::violated:
            return "violated";
        case chunked_reader::event::restarted:
            return "restarted";
    }
    return "unknown";
}

}  // namespace weir::inline v0::http
