// A reader of HTTP requests as tutorials show it: an enum and a switch. The tests beside this file
// break it.
#pragma once

#include <charconv>
#include <string>
#include <string_view>
#include <vector>

namespace guide::state_machines {

class enum_and_switch {
public:
    void arrives(std::string_view bytes) {
        buffer_ += bytes;
        while (step()) {
        }
    }
    // What the peer is told: 0 where nothing is wrong.
    int status() const { return state_ == state::error ? 400 : 0; }

    std::vector<std::string> bodies;  // of the requests so far

private:
    enum class state { start, fields, body, error };

    bool step() {
        switch (state_) {
            case state::start:
                return take_line() && on_start();
            case state::fields:
                return take_line() && on_field();
            case state::body:
                return on_body();
            case state::error:
                break;
        }
        return false;
    }
    bool on_start() {
        length_ = 0;
        const bool known = line_.starts_with("GET ") || line_.starts_with("POST ");
        return enter(known && line_.ends_with(" HTTP/1.1") ? state::fields : state::error);
    }
    bool on_field() {
        constexpr std::string_view name = "Content-Length: ";
        if (line_.empty()) return enter(state::body);
        if (!line_.starts_with(name)) return true;
        const char* const end = line_.data() + line_.size();
        const auto read = std::from_chars(line_.data() + name.size(), end, length_);
        return enter(read.ptr == end ? state::fields : state::error);
    }
    bool on_body() {
        if (buffer_.size() < length_) return false;
        bodies.push_back(buffer_.substr(0, length_));
        buffer_.erase(0, length_);
        return enter(state::start);
    }
    bool take_line() {
        const std::size_t end = buffer_.find("\r\n");
        if (end == std::string::npos) return false;
        line_ = buffer_.substr(0, end);
        buffer_.erase(0, end + 2);
        return true;
    }
    bool enter(state next) {
        state_ = next;
        return state_ != state::error;
    }

    state state_ = state::start;
    std::string buffer_;
    std::string line_;
    std::size_t length_ = 0;
};

}  // namespace guide::state_machines
