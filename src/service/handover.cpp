#include "handover.hpp"

#include <new>
#include <utility>

#include "weir/task/or_return.hpp"
#include "weir/task/shielded.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/this_env.hpp"

#include "takeover_channel.hpp"
#include "takeover_text.hpp"

namespace weir::inline v0 {
namespace {

using namespace std::chrono_literals;

constexpr duration accept_again_after = 50ms;
// A few bytes into a socket's buffer that is empty.
constexpr duration write_at_most = 1s;

// Also where it throws.
class busy_while {
public:
    explicit busy_while(bool& busy) noexcept : busy_{busy} { busy_ = true; }
    busy_while(const busy_while&) = delete;
    busy_while& operator=(const busy_while&) = delete;
    ~busy_while() { busy_ = false; }

private:
    bool& busy_;
};

}  // namespace

task<> handover::run() {
    if (service_.takeover_listener == nullptr) co_return;
    const environment& env = co_await this_env{};
    task_scope conversations{env, [this](const error& why) { service_.log.error(why.message()); }};
    co_await accept_successors(conversations);
    co_await conversations.join();
}

task<> handover::accept_successors(task_scope& conversations) {
    for (;;) {
        auto socket = co_await io::accept(*service_.takeover_listener);
        if (socket && begin(conversations, std::move(*socket))) continue;
        if (!socket && socket.error() == errc::canceled) co_return;
        if (auto slept = co_await sleep(accept_again_after); !slept) co_return;
    }
}

bool handover::begin(task_scope& conversations, io::native_socket socket) noexcept {
    try {
        conversations.spawn(serve(std::move(socket)), "successor");
        return true;
    } catch (const std::bad_alloc&) {
        return false;
    }
}

task<> handover::serve(io::native_socket socket) {
    const auto peer = permitted_peer(socket);
    if (!peer) {
        service_.log.warning("not handed over: " + peer.error().message());
        co_return;
    }
    if (busy_ || done()) {
        (void)io::send_sockets(socket, takeover_refusal, {});
        co_return;
    }
    const std::string successor = "process " + std::to_string(peer->process);
    service_.log.info(successor + " wants to take over");
    const busy_while handing_over{busy_};
    const auto outcome = co_await hand_over(std::move(socket), peer->process);
    if (outcome) {
        service_.log.info(successor + " has taken over");
    } else {
        service_.log.warning(successor + " did not take over: " + outcome.error().message());
    }
}

task<result<>> handover::hand_over(io::native_socket socket, int successor) {
    co_await or_return(offer(socket));
    net::connection connection{loop_.engine().adopt(std::move(socket)), loop_,
                               service_.options.connections};
    const auto taken = co_await or_return(read_ready(connection));
    connection.write(as_bytes(std::string{handed_over_line} + '\n'));
    // A stop must not come between what the successor is told and what is done here.
    co_await or_return(shielded(write_at_most, connection.flush()));
    leave(taken);
    successor_ = successor;
    service_.telling_of_successor.store(true);
    service_.drain_wanted.set();
    co_return {};
}

// A drain that has nothing left must not be its end: a supervisor that does not know of another
// process would take it for that of the service.
task<> handover::tell_supervisor() {
    std::string main_process = "MAINPID=" + std::to_string(*successor_);
    auto telling = service_.watched_by.tell(std::move(main_process));
    const auto told = co_await shielded(supervisor::longest_telling, std::move(telling));
    if (!told) service_.log.warning("the supervisor was not told: " + told.error().message());
    service_.telling_of_successor.store(false);
}

result<> handover::offer(const io::native_socket& to) {
    offered_.clear();
    for (const listening& each : service_.listeners) offered_.push_back(each.listener.get());
    offered_.push_back(service_.takeover_listener.get());
    takeover_offer what;
    what.watched_by = service_.watched_by;
    std::vector<io::listening_socket> sockets;
    for (const io::listener* each : offered_) {
        auto shared = each->share();
        if (!shared) return std::unexpected{std::move(shared).error()};
        what.kept.push_back(shared->kept);
        sockets.push_back(std::move(*shared));
    }
    return io::send_sockets(to, to_text(what), sockets);
}

task<result<std::vector<std::size_t>>> handover::read_ready(net::connection& successor) {
    successor.set_read_deadline(loop_.now() + service_.options.takeover_timeout);
    const std::string line = co_await or_return(read_takeover_line(successor));
    co_return parse_ready(line, offered_.size());
}

void handover::leave(const std::vector<std::size_t>& places) {
    for (const std::size_t place : places) offered_[place]->hand_over();
}

}  // namespace weir::inline v0
