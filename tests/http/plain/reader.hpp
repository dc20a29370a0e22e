// Reads HTTP/1.1 requests once more, in another way: rule by rule as RFC 9112 and RFC 9110 word
// them, with no thought for speed. The machine must agree with it (differential_test.cpp), which
// proves something only as long as the two share nothing: no file of src/http is included here.
//
// What the RFCs leave to a server is decided by BEHAVIOUR.md's table and by the choices that
// src/http/README.md lists; each has its comment where it is read.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace weir::inline v0::http::plain {

struct limits {
    std::size_t target = 8'000;
    std::size_t fields = 100;
    std::size_t field_bytes = 32 * 1024;
    std::size_t body = 1024 * 1024;
    std::size_t chunk_extensions = 4 * 1024;
    std::size_t trailers = 8 * 1024;
};

struct field {
    std::string name;
    std::string value;

    bool operator==(const field&) const = default;
};

struct request {
    std::string method;
    std::string target;
    std::string path;
    std::string query;
    std::string host;  // the authority that is addressed
    int minor_version = 0;
    std::vector<field> fields;
    bool keeps_alive = false;
    bool expects_continue = false;
    std::string body;  // as far as it has come
    std::vector<field> trailers;
    bool complete = false;  // only the last one may be incomplete: its head is complete

    bool operator==(const request&) const = default;
};

// How things stand when all of the input was read.
enum class ending {
    between_requests,
    inside_request,
    closed,  // a request was the last one; what follows it is not read
    rejected,
};

struct reading {
    std::vector<request> requests;
    ending end = ending::between_requests;
    int status = 0;  // of a rejection

    bool operator==(const reading&) const = default;
};

reading read(std::string_view input, const limits& bounds);

}  // namespace weir::inline v0::http::plain
