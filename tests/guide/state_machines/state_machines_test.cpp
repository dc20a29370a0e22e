#include <gtest/gtest.h>

#include "ours.hpp"
#include "tutorial.hpp"

namespace guide::state_machines {
namespace {

using texts = std::vector<std::string>;

constexpr std::string_view chunked =
    "POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
    "5\r\nhello\r\n0\r\n\r\n";

// Who goes by the chunks sees one request, who goes by the length sees another inside it.
constexpr std::string_view smuggled =
    "POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n"
    "21\r\nGET /admin HTTP/1.1\r\nHost: a\r\n\r\n\r\n0\r\n\r\n";

template <class Reader>
texts bodies_of(std::string_view bytes) {
    Reader reader;
    reader.arrives(bytes);
    return reader.bodies;
}

template <class Reader>
int status_of(std::string_view bytes) {
    Reader reader;
    reader.arrives(bytes);
    return reader.status();
}

template <class Reader>
std::vector<int> statuses_of_three_faults() {
    return {status_of<Reader>("GET / HTTP/3.0\r\nHost: a\r\n\r\n"),
            status_of<Reader>("BREW / HTTP/1.1\r\nHost: a\r\n\r\n"),
            status_of<Reader>("POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1x\r\n\r\n")};
}

TEST(guide_state_machines, a_machine_without_a_state_for_chunks_loses_the_body) {
    EXPECT_EQ(bodies_of<enum_and_switch>(chunked), texts{""});
    EXPECT_EQ(status_of<enum_and_switch>(chunked), 400) << "the body is no request";
}

TEST(guide_state_machines, and_takes_the_inside_of_a_body_for_a_request) {
    EXPECT_EQ(bodies_of<enum_and_switch>(smuggled).size(), 2U);
}

TEST(guide_state_machines, one_state_for_all_errors_has_no_reason_to_give) {
    EXPECT_EQ(statuses_of_three_faults<enum_and_switch>(), (std::vector{400, 400, 400}));
}

TEST(guide_state_machines, the_request_machine_passes_all_of_them) {
    EXPECT_EQ(bodies_of<on_the_machine>(chunked), texts{"hello"});
    EXPECT_EQ(status_of<on_the_machine>(chunked), 0);
    EXPECT_EQ(bodies_of<on_the_machine>(smuggled), texts{});
    EXPECT_EQ(status_of<on_the_machine>(smuggled), 400);
    EXPECT_EQ(statuses_of_three_faults<on_the_machine>(), (std::vector{505, 501, 400}));
}

}  // namespace
}  // namespace guide::state_machines
