// What those fields of a request say that steer the connection: Host, Content-Length,
// Transfer-Encoding, Connection, Expect.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "http/plain/reader.hpp"

namespace weir::inline v0::http::plain {

class meaning {
public:
    // Fields in the order in which they came. Throws the refusal of one that is wrong by itself.
    void add(const field& each);
    // Throws the refusal of what is wrong with all of them together.
    void check(int minor_version) const;

    bool chunked() const { return chunked_; }
    std::uint64_t length() const { return length_.value_or(0); }
    bool keeps_alive(int minor_version) const;
    bool expects_continue(int minor_version) const;
    std::string host() const { return host_.value_or(""); }

private:
    void add_host(const std::string& value);
    void add_content_length(const std::string& value);
    void add_transfer_coding(const std::string& coding);
    void add_connection_option(const std::string& option);
    void add_expectation(const std::string& expectation);

    std::optional<std::string> host_;
    std::optional<std::uint64_t> length_;
    bool transfer_encoding_ = false;
    bool chunked_ = false;
    bool unknown_coding_ = false;
    bool close_ = false;
    bool keep_alive_ = false;
    bool expects_continue_ = false;
    bool unknown_expectation_ = false;
};

}  // namespace weir::inline v0::http::plain
