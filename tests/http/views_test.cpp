// What a request or a response hands out is a view. One that is kept for too long is caught, by
// AddressSanitizer or in a debug build, whether its bytes stayed where they were received or had to
// be decoded.
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include "weir/http/client.hpp"
#include "weir/http/server.hpp"
#include "weir/task/or_return.hpp"

#include "http/house.hpp"
#include "http/server_end.hpp"
#include "support/caught.hpp"

namespace weir::inline v0::http {
namespace {

using test::caught;
using test::caught_between_two_lines;

void touch(std::string_view text) {
    for (const char& each : text) {
        volatile char used = each;
        (void)used;
    }
}

void touch(bytes_view bytes) { touch(as_text(bytes)); }

// Views that should not have been kept, by what they are of.
class hoard {
public:
    void keep(std::string what, std::string_view view) {
        touch(view);
        EXPECT_GE(view.size(), 16U) << what << ": whole words of the shadow are looked at";
        kept_.emplace_back(std::move(what), view);
    }
    // Of memory that is given back as a whole.
    void keep_short(std::string what, std::string_view view) {
        touch(view);
        EXPECT_LT(view.size(), 16U) << what << ": it fits into a string's own buffer";
        kept_.emplace_back(std::move(what), view);
    }
    void keep_head(request& asked) {
        keep("path", asked.path());
        keep("host", asked.host());
        keep("header", asked.header("X-Long-Enough-A-Name").value());
        keep("field name", asked.fields()[1].name);
        keep("query", asked.query());
        keep("id", asked.id());
        keep("parameter", asked.param("plain"));
        keep("decoded parameter", asked.param("escaped"));
        keep("value of the query", asked.query("a").value());
        keep("decoded value of the query", asked.query("b").value());
    }
    void keep_made_up(request& asked) {
        keep("id", asked.id());
        keep("trace", asked.trace().text());
        keep("id of the trace", asked.trace().trace_id());
        keep("id of the span", asked.trace().span_id());
    }
    // where: the words that name both places, where words do.
    void expect_caught(const std::string& where = caught()) const {
        for (const auto& [what, view] : kept_)
            EXPECT_DEATH(touch(view), fence::up() ? where : caught()) << what;
    }

private:
    std::vector<std::pair<std::string, std::string_view>> kept_;
};

// What is said where no line of the user's is known.
std::string words(std::string_view delivered, std::string_view given_up) {
    std::string quoted;
    for (const char each : delivered) (quoted += '[') += each, quoted += ']';
    return "delivered at " + quoted + "\n *given up at  " + std::string{given_up} + "\n";
}

const std::string target =
    "/keep/a-plain-parameter/an%20escaped%20parameter?a=a-plain-value-too&b=an+escaped+value%21";
constexpr std::string_view fields =
    "X-Long-Enough-A-Name: and-a-long-value\r\nX-Request-Id: an-id-of-the-client\r\n";

std::string with_long_host(std::string request) {
    const std::string_view host = "Host: ";
    request.insert(request.find(host) + host.size(), "a-long-name.test.");
    return request;
}

class http_views_test : public house_test {
protected:
    void SetUp() override {
        if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
        house_test::SetUp();
    }
};

INSTANTIATE_TEST_SUITE_P(over, http_views_test, testing::Values("epoll", "memory"), io::name_of);

TEST_P(http_views_test, of_a_head_end_with_its_request) {
    hoard kept;
    router routes;
    routes.route("GET", "/keep/{plain}/{escaped}", [&kept](request& asked) {
        kept.keep_head(asked);
        return text("kept");
    });
    const std::string sent = with_long_host(get(target, fields));
    const auto replies = replies_in(house_->ask(serve(std::move(routes)), sent));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].body, "kept");
    kept.expect_caught(words("/keep/{plain}/{escaped}", "the end of the request's handler"));
}

TEST_P(http_views_test, of_all_fields_end_with_their_request) {
    std::span<const field> kept;
    const server keeper = serve([&kept](request& asked) {
        kept = asked.fields();
        touch(kept.back().value);
        return text("kept");
    });
    const auto replies = replies_in(house_->ask(keeper, get("/", fields)));
    ASSERT_EQ(replies.size(), 1U);
    const std::string named = words("other", "the end of the request's handler");
    EXPECT_DEATH(touch(kept.back().value), fence::up() ? named : caught());
}

// The next request's fields are the same, which are not parsed again, or others, or fewer.
TEST_P(http_views_test, of_all_fields_end_with_their_request_where_others_follow) {
    std::span<const field> kept;
    const server keeper = serve([&kept](request& asked) {
        if (asked.path() == "/keep") {
            kept = asked.fields();
            touch(kept.back().value);
            return text("kept");
        }
        touch(asked.fields().back().value);
        EXPECT_DEATH(touch(kept.front().name), caught()) << asked.path();
        return text("caught");
    });
    const std::string first = get("/keep", fields);
    for (const std::string& sent :
         {first + get("/same", fields), first + get("/others", "X-Other: other\r\n"),
          first + get("/fewer") + get("/same", fields)}) {
        const auto replies = replies_in(house_->ask(keeper, sent));
        ASSERT_GE(replies.size(), 2U);
        EXPECT_EQ(replies[0].body, "kept");
        for (std::size_t at = 1; at < replies.size(); ++at)
            EXPECT_EQ(replies[at].body, "caught") << at;
    }
}

// Which no peer has sent.
TEST_P(http_views_test, of_what_was_made_up_for_a_request_end_with_it) {
    hoard kept;
    router routes;
    routes.route("GET", "/keep", [&kept](request& asked) {
        kept.keep_made_up(asked);
        return text("kept");
    });
    const auto replies = replies_in(house_->ask(serve(std::move(routes)), get("/keep")));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].body, "kept");
    kept.expect_caught(words("/keep", "the end of the request's handler"));
}

// The slab is the second request's, too, and stays; what was the first's may not be touched.
TEST_P(http_views_test, of_a_head_end_with_its_request_where_another_came_with_it) {
    std::string_view kept;
    router routes;
    routes
        .route("GET", "/keep/{name}",
               [&kept](request& asked) {
                   kept = asked.path();
                   touch(kept);
                   return text("kept");
               })
        .route("GET", "/touch/{name}", [&kept](request& asked) {
            touch(asked.path());
            EXPECT_DEATH(touch(kept), caught());
            return text("caught");
        });
    const std::string sent = get("/keep/a-name-of-some-length") + get("/touch/another-such-name");
    const auto replies = replies_in(house_->ask(serve(std::move(routes)), sent));
    ASSERT_EQ(replies.size(), 2U);
    EXPECT_EQ(replies[1].body, "caught");
}

// Which lambdas that capture may not be.
struct body_keeper {
    task<result<response>> form_of(request& asked) {
        const form sent = co_await or_return(asked.form());
        kept.keep("form's value", sent.find("a").value());
        kept.keep("decoded value of a form", sent.find("b").value());
        kept.keep("body", as_text(asked.body()));
        co_return text("kept");
    }
    task<result<response>> body_of(request& asked) {
        kept.keep("body", as_text(co_await or_return(asked.read_body())));
        const auto trailer = asked.trailers().find("X-Trailer");
        if (trailer) kept.keep("trailer", *trailer);
        const auto short_one = asked.trailers().find("X");
        if (short_one) kept.keep_short("short trailer", *short_one);
        co_return text("kept");
    }
    server make() {
        router routes;
        routes.route("POST", "/form", [this](request& asked) { return form_of(asked); })
            .route("POST", "/body", [this](request& asked) { return body_of(asked); });
        return serve(std::move(routes));
    }

    hoard kept;
};

TEST_P(http_views_test, of_a_body_end_with_its_request) {
    const std::string form = post("/form", "a=a-plain-value-too&b=an+escaped+value%21",
                                  "Content-Type: application/x-www-form-urlencoded\r\n");
    const std::string chunk = "10\r\n0123456789abcdef\r\n";
    const std::string in_pieces =
        "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk +
        "0\r\nX-Trailer: a-trailer-of-some-length\r\n\r\n";
    const std::string briefly =
        "POST /body HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk +
        "0\r\nX: short\r\n\r\n";
    const std::string large = post("/body", std::string(100'000, 'x'));
    for (const std::string& sent : {form, in_pieces, briefly, large}) {
        body_keeper keeper;
        const auto replies = replies_in(house_->ask(keeper.make(), sent));
        ASSERT_EQ(replies.size(), 1U);
        EXPECT_EQ(replies[0].body, "kept");
        keeper.kept.expect_caught("given up at  the end of the request's handler\n");
    }
}

task<result<response>> pieces_of(request& asked) {
    std::string_view before;
    for (;;) {
        const std::string_view piece = as_text(co_await or_return(asked.body_chunk()));
        if (!before.empty()) {
            EXPECT_DEATH(touch(before), caught_between_two_lines());
        }
        if (piece.empty()) break;
        touch(piece);
        before = piece;
    }
    co_return text("read");
}

// The first of them lie behind their head, which stays.
TEST_P(http_views_test, of_a_piece_of_a_body_end_with_the_next) {
    const std::string chunk = "10\r\n0123456789abcdef\r\n";
    const std::string sent =
        "POST /pieces HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n" + chunk + chunk +
        "0\r\n\r\n";
    router routes;
    routes.route("POST", "/pieces", pieces_of);
    const auto replies = replies_in(house_->ask(serve(std::move(routes)), sent));
    ASSERT_EQ(replies.size(), 1U);
    EXPECT_EQ(replies[0].body, "read");
}

class http_client_views_test : public http_client_test {
protected:
    void SetUp() override {
        if (!test::views_are_watched()) GTEST_SKIP() << "nobody looks";
        http_client_test::SetUp();
        // Each death is a process of its own, between two reads.
        if (world_) world_->set_patience(std::chrono::minutes{2});
    }
};

INSTANTIATE_TEST_SUITE_P(on, http_client_views_test, testing::Values("epoll"), io::name_of);

const std::string answered =
    "HTTP/1.1 200 OK\r\nX-Long-Enough-A-Name: and-a-long-value\r\nTransfer-Encoding: "
    "chunked\r\n\r\n"
    "10\r\n0123456789abcdef\r\n10\r\nfedcba9876543210\r\n"
    "0\r\nX-Trailer: a-trailer-of-some-length\r\n\r\n";

task<result<>> reads_responses(io::engine_world& world) {
    client_stage stage{world};
    const std::string briefly =
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX: short\r\n\r\n";
    stage.beside(serves(stage, {answered, answered, answer("a body in one piece"), briefly}));
    hoard kept;
    std::span<const field> all;
    {
        auto response = co_await or_return(stage.client().get("/"));
        all = response.fields();
        touch(all.front().value);
        kept.keep("header", response.header("X-Long-Enough-A-Name").value());
        kept.keep("field name", response.fields()[0].name);
        const bytes_view first = co_await or_return(response.read());
        touch(first);
        const bytes_view second = co_await or_return(response.read());
        EXPECT_DEATH(touch(first), caught_between_two_lines());
        touch(second);
        const bytes_view end = co_await or_return(response.read());
        EXPECT_TRUE(end.empty());
        EXPECT_DEATH(touch(second), caught_between_two_lines());
        kept.keep("trailer", response.trailers().find("X-Trailer").value());
    }
    const std::string named = words("http::client_response", "the response's end");
    kept.expect_caught(named);
    EXPECT_DEATH(touch(all.front().value), fence::up() ? named : caught());
    for (const std::string_view size : {"several pieces", "one piece"}) {
        hoard bodies;
        {
            auto response = co_await or_return(stage.client().get("/"));
            EXPECT_DEATH(touch(all.front().value), caught());
            const bytes_view body = co_await or_return(response.all());
            bodies.keep("body in " + std::string{size}, as_text(body));
        }
        bodies.expect_caught(named);
    }
    hoard trailers;
    {
        auto response = co_await or_return(stage.client().get("/"));
        const bytes_view body = co_await or_return(response.all());
        EXPECT_TRUE(body.empty());
        trailers.keep_short("short trailer", response.trailers().find("X").value());
    }
    trailers.expect_caught(named);
    co_return {};
}

TEST_P(http_client_views_test, of_a_response_end_with_it_and_of_a_piece_with_the_next) {
    run(reads_responses(*world_));
}

}  // namespace
}  // namespace weir::inline v0::http
