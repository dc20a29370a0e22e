// Texts that are made lie in what made them.
#include "weir/http/chunk_prefix.hpp"
#include "weir/http/client_request.hpp"
#include "weir/http/date.hpp"
#include "weir/http/field_lines.hpp"
#include "weir/http/trace_context.hpp"

weir::http::client_request request_of_user();

std::size_t caller(const weir::http::trace_context& trace) {
    const weir::http::date now{0};
    const weir::http::chunk_prefix chunk{1};
    const weir::http::field_lines lines;
    std::size_t size = trace.text().size() + now.text().size() + chunk.text().size();
    size += lines.text().size();
#ifdef WEIR_MUST_NOT_COMPILE
    const auto target = request_of_user().target();
    const auto text = trace.child(1).text();
    const auto trace_id = trace.child(1).trace_id();
    const auto span_id = trace.child(1).span_id();
    const auto then = weir::http::date{0}.text();
    const auto prefix = weir::http::chunk_prefix{1}.text();
    size += target.size() + text.size() + trace_id.size() + span_id.size();
    const auto fields = weir::http::field_lines{}.text();
    size += then.size() + prefix.size() + fields.size();
#endif
    return size;
}
