// Prints the protocol machines' transition tables as Mermaid diagrams:
//     weir_diagrams > docs/diagrams/http.md
#include <cstdio>
#include <string>

#include "weir/base/diagram.hpp"
#include "weir/http/request_machine.hpp"
#include "weir/http/response_machine.hpp"

namespace {

namespace http = weir::http;

template <class Machine>
void print(const char* title, typename Machine::state first, typename Machine::state last) {
    const std::string diagram = weir::to_mermaid(Machine::table, first, last);
    std::printf("\n## %s\n\n```mermaid\n%s```\n", title, diagram.c_str());
}

}  // namespace

int main() {
    std::printf(
        "# The machines of HTTP/1.1\n\n"
        "Printed by `weir_diagrams` from the tables that the code runs on; do not edit.\n");
    print<http::request_machine>("Requests of a connection: `http::request_machine`",
                                 http::request_machine::state::awaiting_request,
                                 http::request_machine::state::closed);
    print<http::response_machine>("Responses of a connection: `http::response_machine`",
                                  http::response_machine::state::idle,
                                  http::response_machine::state::closed);
    print<http::head_reader>("A message's head: `http::head_reader`",
                             http::head_reader::state::before_message,
                             http::head_reader::state::broken);
    print<http::chunked_reader>("A chunked body: `http::chunked_reader`",
                                http::chunked_reader::state::size,
                                http::chunked_reader::state::broken);
    print<http::keep_alive>("Whether the connection goes on: `http::keep_alive`",
                            http::keep_alive::state::persistent, http::keep_alive::state::closing);
}
