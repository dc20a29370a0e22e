// The JSON of an answer lies in the answer.
#include "weir/frame/answer.hpp"

weir::frame::answer answer_of_user();

std::size_t caller() {
    const weir::frame::answer answer = answer_of_user();
    std::size_t size = answer.json().size();
#ifdef WEIR_MUST_NOT_COMPILE
    const std::string_view json = answer_of_user().json();
    size += json.size();
#endif
    return size;
}
