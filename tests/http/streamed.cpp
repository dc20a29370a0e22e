#include "http/streamed.hpp"

#include "weir/metrics/text.hpp"
#include "weir/task/or_return.hpp"

namespace weir::inline v0::http {

chunked_reply chunked_reply_in(std::string_view text) {
    chunked_reply found;
    const std::size_t head = text.find("\r\n\r\n");
    EXPECT_NE(head, std::string_view::npos);
    if (head == std::string_view::npos) return found;
    found.head = text.substr(0, head + 4);
    EXPECT_NE(found.head.find("\r\nTransfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(found.head.find("Content-Length"), std::string::npos);
    text.remove_prefix(head + 4);
    for (;;) {
        const std::size_t line = text.find("\r\n");
        if (line == std::string_view::npos) {
            ADD_FAILURE() << "no last chunk";
            return found;
        }
        const std::size_t size = std::stoul(std::string{text.substr(0, line)}, nullptr, 16);
        text.remove_prefix(line + 2);
        if (size == 0) break;
        found.body += text.substr(0, size);
        EXPECT_EQ(text.substr(size, 2), "\r\n");
        text.remove_prefix(size + 2);
        ++found.chunks;
    }
    const std::size_t end = text.starts_with("\r\n") ? 0 : text.find("\r\n\r\n") + 2;
    found.trailers = text.substr(0, end);
    found.rest = text.substr(end + 2);
    return found;
}

task<result<>> writes_on(body_writer& out, std::string piece, std::size_t& written, errc& ended) {
    for (;;) {
        const auto done = co_await out.write(piece);
        if (!done) {
            ended = done.error().code();
            co_return fail(ended);
        }
        written += piece.size();
    }
}

namespace {

task<result<>> drained(io::transport& near, std::string_view sent, std::string& got) {
    co_await or_return(send(near, sent));
    for (;;) {
        const auto next = co_await io::receive_chunk{near};
        if (!next) {
            EXPECT_EQ(next.error(), errc::reset) << "it looks whole";
            co_return {};
        }
        got += next->text();
    }
}

}  // namespace

std::string stream_house_test::whatever_comes(const server& server, std::string_view sent) {
    std::string got;
    house_->converse(server, [&](io::transport& near) { return drained(near, sent, got); });
    return got;
}

std::string stream_house_test::counted() {
    std::string page;
    metrics::write_text(registry_.collect(), page);
    return page;
}

}  // namespace weir::inline v0::http
