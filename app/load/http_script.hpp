// The same HTTP request over and over.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/base/result.hpp"
#include "weir/http/limits.hpp"
#include "weir/http/method.hpp"
#include "weir/io/endpoint.hpp"

#include "app/load/dialogue.hpp"

namespace weir::app {

struct http_request_words {
    std::string url;                  // http://ADDRESS[:PORT][/PATH]
    std::string method;               // empty: GET, or POST where there is a body
    std::vector<std::string> fields;  // "Name: value"
    std::string body;
};

class http_script final : public script {
public:
    // Errors: invalid_argument, saying which of the words is none.
    static result<std::unique_ptr<http_script>> read(const http_request_words& words);

    const io::endpoint& to() const noexcept { return to_; }
    // One request, as it is sent.
    std::string_view bytes() const noexcept { return bytes_; }

    std::unique_ptr<dialogue> begin(std::size_t depth) override;
    std::string_view title() const noexcept override { return title_; }

private:
    http_script() = default;
    result<> take_url(std::string_view url);
    result<> take_method(std::string_view method, bool has_body);
    result<> write(const http_request_words& words);

    io::endpoint to_;
    http::method method_ = http::method::get;
    http::limits limits_;
    std::string authority_;
    std::string target_;
    std::string bytes_;
    std::string title_;
};

}  // namespace weir::app
