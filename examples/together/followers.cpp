#include "followers.hpp"

#include <string>
#include <utility>

#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

#include "journal.hpp"

namespace frame = weir::frame;
using namespace std::chrono_literals;
using weir::or_return;

namespace {

// Counts a follower for as long as it is served.
class counted {
public:
    explicit counted(weir::metrics::gauge& in) : in_{in} { in_.add(1); }
    counted(const counted&) = delete;
    counted& operator=(const counted&) = delete;
    ~counted() { in_.add(-1); }

private:
    weir::metrics::gauge& in_;
};

frame::codec_options small_frames() {
    frame::codec_options limits;
    limits.max_frame_length = std::size_t{64} * 1024;  // as long as a line may be, and its numbers
    return limits;
}

}  // namespace

followers::followers(weir::metrics::registry& registry)
    : now_{registry.gauge("together_followers", "Followers connected now.")},
      sent_{registry.counter("together_lines_sent_total", "Lines sent to followers.")},
      lost_{registry.counter("together_followers_lost_total",
                             "Followers that did not read, or broke off.")} {}

weir::task<> followers::follow(weir::net::connection& connection, journal* from) {
    frame::framed frames{connection, small_frames()};
    const counted here{now_};
    follower self;
    all_.push_back(self);
    const weir::environment& env = co_await weir::this_env{};
    weir::task_scope sending{env, [this](const weir::error&) { lost_.add(); }};
    sending.spawn(send_lines(frames, self.inbox, from), "send lines");
    while (auto said = co_await frames.next()) {
    }
    self.inbox.close();
    co_await sending.join();
}

void followers::wake() noexcept {
    all_.each([](follower& each) {
        if (auto place = each.inbox.try_reserve()) std::move(*place).send(news{});
    });
}

weir::task<weir::result<>> followers::send_lines(frame::framed& to,
                                                 weir::flow::channel<news>& inbox, journal* from) {
    for (std::int64_t last = 0;;) {
        const auto lines = co_await or_return(weir::with_timeout(2s, from->after(last)));
        for (const auto line : lines) {
            last = line["number"].as_integer();
            const std::string text = std::to_string(last) + " " +
                                     std::string{line["trace"].as_text()} + " " +
                                     std::string{line["text"].as_text()};
            co_await or_return(to.send(weir::as_bytes(text)));
            sent_.add();
        }
        if (!lines.empty()) continue;
        auto more = co_await inbox.receive();
        if (!more) co_return weir::result<>{};
    }
}
