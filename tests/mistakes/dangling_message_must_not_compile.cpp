// What a machine hands on lies in the bytes that it was given.
#include "weir/http/chunked_reader.hpp"
#include "weir/http/request_machine.hpp"
#include "weir/http/response_machine.hpp"

std::string bytes_of_user();

class reading {
public:
    std::size_t caller() {
        const std::string bytes = bytes_of_user();
        const auto request = server_.next(weir::as_bytes(bytes), asked_);
        const auto response = client_.next(weir::as_bytes(bytes), answered_);
        const auto body = chunks_.read(weir::as_bytes(bytes), bounds_);
        std::size_t size = request.body.size() + response.body.size() + body.data.size();
#ifdef WEIR_MUST_NOT_COMPILE
        const auto other_request = server_.next(weir::as_bytes(bytes_of_user()), asked_);
        const auto other_response = client_.next(weir::as_bytes(bytes_of_user()), answered_);
        const auto other_body = chunks_.read(weir::as_bytes(bytes_of_user()), bounds_);
        size += other_request.body.size() + other_response.body.size() + other_body.data.size();
#endif
        return size;
    }

private:
    weir::http::limits bounds_;
    weir::http::request_machine server_{bounds_};
    weir::http::request_head asked_;
    weir::http::response_machine client_{bounds_};
    weir::http::received_head answered_;
    weir::http::chunked_reader chunks_;
};
