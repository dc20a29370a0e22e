// What a response hands out lives as long as the response.
#include "weir/http/client_response.hpp"

weir::http::client_response response_of_user();

std::size_t caller() {
    const weir::http::client_response response = response_of_user();
    std::size_t size = response.header("Server").value_or("").size() + response.fields().size();
    size += response.trailers().find("X-Sum").value_or("").size();
#ifdef WEIR_MUST_NOT_COMPILE
    const auto server = response_of_user().header("Server");
    const auto fields = response_of_user().fields();
    const auto trailers = response_of_user().trailers();
    size += server.value_or("").size() + fields.size();
    size += trailers.find("X-Sum").value_or("").size();
#endif
    return size;
}
