// /debug/connections, .../{id}/wire, /debug/tasks and /debug/log-level: a look into a service while
// it runs.
#pragma once

#include "weir/http/request.hpp"
#include "weir/http/response.hpp"
#include "weir/task/task.hpp"

#include "state.hpp"

namespace weir::inline v0 {

// JSON, one object for each; at most ?limit= of them, 1,000 where nothing is said. What is left out
// and which loops did not answer is stated.
task<result<http::response>> connections_page(const service_state& service, http::request& request);
task<result<http::response>> tasks_page(const service_state& service, http::request& request);

// What one connection carries for ?seconds= (10 where nothing is said, 20 at most), as text; 404
// where there is no such connection. 403 unless service_options::wire_traces allows it.
task<result<http::response>> wire_page(const service_state& service, http::request& request);

// The level as text, and setting it to the text of the body. Only by PUT, which a web page of
// another origin cannot send here.
http::response log_level_page(const service_state& service);
task<result<http::response>> set_log_level(service_state& service, http::request& request);

}  // namespace weir::inline v0
