// Jobs over frames, four at a time on all connections together. A flood is slowed down to its
// sender's TCP window; a job whose turn does not come in time is refused with a word, and one that
// does not end in time is cut off with another.
#include <charconv>
#include <string_view>

#include "weir/flow/semaphore.hpp"
#include "weir/flow/shared_semaphore.hpp"
#include "weir/frame/framed.hpp"
#include "weir/service/service.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"
#include "weir/task/with_timeout.hpp"

namespace flow = weir::flow;
namespace frame = weir::frame;
namespace metrics = weir::metrics;
using namespace std::chrono_literals;

class jobs {
public:
    explicit jobs(metrics::registry& registry)
        : done_{registry.counter("jobs_done_total", "Jobs done.")},
          refused_{registry.counter("jobs_refused_total", "Jobs whose turn did not come in time.")},
          cut_off_{registry.counter("jobs_cut_off_total", "Jobs that did not end in time.")},
          running_{registry.gauge_callback("jobs_running", "Jobs being done now.", {}, [this] {
              return static_cast<double>(most_at_once - turns_.available());
          })} {}

    weir::task<> serve(weir::net::connection& connection) {
        frame::framed frames{connection};
        flow::semaphore in_flight{most_in_flight};
        const weir::environment& env = co_await weir::this_env{};
        weir::task_scope working{env, [](const weir::error&) {}};
        while (auto job = co_await frames.next()) {
            // While this waits nothing is read: slabs fill, then the window, and the sender waits.
            auto place = co_await in_flight.acquire();
            if (!place) break;
            working.spawn(answer(frames, length_of(job->text()), std::move(*place)), "job");
        }
        co_await working.join();
    }

private:
    static constexpr std::size_t most_in_flight = 16;  // of one connection
    static constexpr std::size_t most_at_once = 4;     // of all
    static constexpr std::size_t most_waiting = 1000;

    // A job is a number, and takes as many milliseconds: it stands for your database.
    static weir::duration length_of(std::string_view job) {
        unsigned number = 0;
        std::from_chars(job.data(), job.data() + job.size(), number);
        return std::chrono::milliseconds{number};
    }

    // The place is the job's own, until its answer has been sent: a peer that does not read its
    // answers can have no more than that of them here.
    weir::task<weir::result<>> answer(frame::framed& frames, weir::duration length,
                                      flow::semaphore::permit /*place*/) {
        const std::string_view word = co_await in_turn(length);
        co_return co_await frames.send(weir::as_bytes(word));
    }

    // Both waits have an end: without the second, four jobs without one would shut out all others.
    weir::task<std::string_view> in_turn(weir::duration length) {
        auto turn = co_await weir::with_timeout(1s, turns_.acquire());
        if (!turn) {
            refused_.add();
            co_return "overloaded";
        }
        const weir::result<> done = co_await weir::with_timeout(2s, weir::sleep(length));
        (done ? done_ : cut_off_).add();
        co_return done ? "done" : "timed out";
    }

    flow::shared_semaphore turns_{most_at_once, most_waiting};
    metrics::counter done_;
    metrics::counter refused_;
    metrics::counter cut_off_;
    metrics::callback_registration running_;
};

// example_backpressure [FRAMES ADMIN]: where to listen.
int main(int argc, char** argv) {
    weir::service_options options;
    options.connections.write_timeout = 2s;  // for a peer that asks and does not read
    weir::service service{options};
    jobs jobs{service.metrics()};
    service.listen(
        argc > 1 ? argv[1] : "127.0.0.1:9000",
        [&](weir::net::connection& connection) { return jobs.serve(connection); }, "jobs");
    service.admin(argc > 2 ? argv[2] : "127.0.0.1:8081");
    return service.run();
}
