// Prints the protocol machines' transition tables as Mermaid diagrams:
//     weir_diagrams http > docs/diagrams/http.md
//     weir_diagrams frames > docs/diagrams/frames.md
//     weir_diagrams net > docs/diagrams/net.md
#include <cstdio>
#include <string>
#include <string_view>

#include "weir/base/diagram.hpp"
#include "weir/frame/client_machine.hpp"
#include "weir/http/chunked_reader.hpp"
#include "weir/http/head_reader.hpp"
#include "weir/http/keep_alive.hpp"
#include "weir/http/message_order.hpp"
#include "weir/net/lifecycle.hpp"

namespace {

namespace frame = weir::frame;
namespace http = weir::http;
namespace net = weir::net;

template <class Machine>
void print(const char* title, typename Machine::state first, typename Machine::state last) {
    const std::string diagram = weir::to_mermaid(Machine::table, first, last);
    std::printf("\n## %s\n\n```mermaid\n%s```\n", title, diagram.c_str());
}

void print_heading(const char* title) {
    std::printf(
        "# %s\n\n"
        "Printed by `weir_diagrams` from the tables that the code runs on; do not edit.\n",
        title);
}

void print_http() {
    print_heading("The machines of HTTP/1.1");
    print<http::message_order>("Messages of a connection, of either role: `http::message_order`",
                               http::message_order::state::idle,
                               http::message_order::state::closed);
    print<http::head_reader>("A message's head: `http::head_reader`",
                             http::head_reader::state::before_message,
                             http::head_reader::state::broken);
    print<http::chunked_reader>("A chunked body: `http::chunked_reader`",
                                http::chunked_reader::state::size,
                                http::chunked_reader::state::broken);
    print<http::keep_alive>("Whether the connection goes on: `http::keep_alive`",
                            http::keep_alive::state::persistent, http::keep_alive::state::closing);
}

void print_frames() {
    print_heading("The machine of the client of framed calls");
    print<frame::client_machine>("Its connections, one after the other: `frame::client_machine`",
                                 frame::client_machine::state::resting,
                                 frame::client_machine::state::closed);
}

void print_net() {
    print_heading("The machine of a connection");
    print<net::lifecycle>("The phases of its life: `net::lifecycle`", net::lifecycle::state::open,
                          net::lifecycle::state::closed);
}

}  // namespace

int main(int count, char** words) {
    const std::string_view which = count == 2 ? words[1] : "";
    if (which == "http") return print_http(), 0;
    if (which == "frames") return print_frames(), 0;
    if (which == "net") return print_net(), 0;
    std::fputs("weir_diagrams http|frames|net\n", stderr);
    return 2;
}
