#include "weir/frame/client.hpp"

#include <new>
#include <stdexcept>
#include <utility>

#include "weir/base/utf8.hpp"
#include "weir/net/dial.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/sleep.hpp"
#include "weir/task/with_timeout.hpp"

#include "client_link.hpp"
#include "pending_call.hpp"

namespace weir::inline v0::frame {
namespace {

client_options checked(client_options options) {
    if (options.hosts.empty()) throw std::invalid_argument{"a client needs a host"};
    if (options.max_in_flight == 0) throw std::invalid_argument{"max_in_flight must not be 0"};
    return options;
}

net::connection_options connection_options_of(const client_options& from) {
    net::connection_options options;
    options.idle_timeout = from.idle_timeout;
    // Nothing is written above the high-water mark; one frame may go beyond it.
    options.output_limit = framed_options{}.high_water + 2 * codec_options{}.max_frame_length;
    return options;
}

}  // namespace

client::client(io::loop& loop, io::resolver& resolver, const environment& env,
               client_options options)
    : loop_{&loop},
      resolver_{&resolver},
      options_{checked(std::move(options))},
      connection_options_{connection_options_of(options_)},
      machine_{options_.hosts.size(), options_.delays},
      scope_{env, [](const error&) {}} {
    scope_.spawn(run(), "frame client");
}

client::~client() = default;

task<result<answer>> client::call(std::string name, call_params params, call_options options) {
    if (!params.valid() || !is_utf8(name))
        co_return fail(errc::invalid_argument, "the call's name or parameters are not UTF-8");
    const auto inside = co_await or_return(calls_.enter());
    const duration timeout = options.timeout;
    pending_operand waiting{*this, call_text(name, params.json()), options};
    co_return co_await with_timeout(timeout, std::move(waiting));
}

void client::enter(pending_call& call) noexcept {
    if (waiting_ >= options_.max_waiting) return call.decide(fail(errc::overloaded));
    if (hopeless(call)) return refuse(call);
    queue_.push_back(call);
    ++waiting_;
    pump();
}

void client::leave(pending_call& call) noexcept {
    if (call.link != nullptr)
        call.link->cancel(call);
    else
        dequeue(call);
}

void client::dequeue(pending_call& call) noexcept {
    call.list_hook<pending_call>::unlink();
    --waiting_;
}

// In front of those that were never sent.
void client::queue_again(pending_call& call) noexcept {
    if (hopeless(call)) return refuse(call);
    queue_.push_front(call);
    ++waiting_;
    want_link();
}

void client::pump() noexcept {
    if (queue_.empty()) return;
    if (link_ == nullptr) return want_link();
    while (!queue_.empty() && link_->has_room())
        if (!link_->send(queue_.front())) break;
    link_->flush();
}

void client::want_link() noexcept {
    if (auto place = wanted_.try_reserve()) std::move(*place).send({});
}

error client::refusal(const pending_call& call, const error& why) {
    if (!call.maybe_executed && why == errc::closed) return why.clone();
    if (!call.maybe_executed && why == errc::permission_denied)
        return error{errc::permission_denied, "not sent"}.because(why.clone());
    if (!call.maybe_executed) return error{errc::unavailable, "not sent"}.because(why.clone());
    return error{errc::outcome_unknown, "the connection was lost; the call may have been executed"}
        .because(why.clone());
}

// In the queue it would wait for a connection that is not being made. Waiting makes no token good.
bool client::hopeless(const pending_call& call) const noexcept {
    if (machine_.closing()) return true;
    if (!machine_.hopeless()) return false;
    return !call.options().wait_for_ready || *last_error_ == errc::permission_denied;
}

void client::refuse(pending_call& call) noexcept {
    const error closed{errc::closed};
    call.decide(fail(refusal(call, machine_.closing() ? closed : *last_error_)));
}

void client::refuse_waiting() noexcept {
    queue_.each([this](pending_call& call) {
        if (!hopeless(call)) return;
        dequeue(call);
        refuse(call);
    });
}

task<> client::run() {
    std::unique_ptr<client_link> opened;
    while (!scope_.stop_requested()) {
        switch (machine_.now()) {
            case client_machine::state::resting:
                if (queue_.empty())
                    (void)co_await wanted_.receive();
                else
                    machine_.wanted();
                break;
            case client_machine::state::connecting:
            case client_machine::state::greeting:
            case client_machine::state::open:
            case client_machine::state::leaving:
                opened = co_await connect();
                if (opened) co_await use(std::move(opened));
                break;
            case client_machine::state::backing_off:
                (void)co_await sleep_until(machine_.due());
                machine_.time_is(now());
                break;
            case client_machine::state::closed:
                co_return;
        }
    }
}

// Null where it failed, or is not wanted any more.
task<std::unique_ptr<client_link>> client::connect() {
    result<std::unique_ptr<client_link>> opened;
    try {
        auto opening = open_link();
        opened = co_await with_timeout(options_.connect_timeout, std::move(opening));
    } catch (const std::bad_alloc&) {
        opened = fail(errc::out_of_memory);  // an attempt that failed, as any other
    }
    if (machine_.closing() || scope_.stop_requested()) co_return nullptr;
    if (opened) co_return std::move(*opened);
    last_error_ = std::move(opened).error();
    machine_.failed(now(), random());
    if (machine_.hopeless()) refuse_waiting();
    co_return nullptr;
}

task<result<std::unique_ptr<client_link>>> client::open_link() {
    const net::host& whom = options_.hosts[machine_.host()];
    std::vector<net::host> one{whom};
    net::dial_options times;
    times.timeout = options_.connect_timeout;
    auto transport = co_await or_return(net::dial(*loop_, *resolver_, std::move(one), times));
    machine_.connected();
    auto link = std::make_unique<client_link>(*this, std::move(transport));
    auto greeted = co_await link->greet();
    if (greeted) co_return link;
    error why{greeted.error().code(), "cannot greet " + whom.text()};
    co_return fail(std::move(why).because(std::move(greeted).error()));
}

task<> client::use(std::unique_ptr<client_link> opened) {
    link_ = opened.get();
    machine_.greeted();
    pump();
    auto outcome = co_await opened->read();
    link_ = nullptr;
    const bool goodbye = outcome.has_value();
    if (goodbye && machine_.closing()) outcome = co_await opened->read();
    last_error_ =
        outcome ? error{errc::unavailable, "the server said goodbye"} : std::move(outcome).error();
    if (machine_.closing())
        machine_.finished();
    else if (goodbye)
        machine_.said_goodbye(now(), random());
    else
        machine_.lost(now(), random());
    if (goodbye && !machine_.closing())
        scope_.spawn(finish(std::move(opened)), "end of a connection");
    else
        opened->end_calls(*last_error_);
    if (machine_.hopeless()) refuse_waiting();
}

// Beside the next connection.
task<> client::finish(std::unique_ptr<client_link> leaving) {
    const auto outcome = co_await leaving->read();
    const error why = outcome ? error{errc::closed} : outcome.error().clone();
    leaving->end_calls(why);
    pump();
}

task<> client::close() {
    machine_.close();
    refuse_waiting();
    // Those that were told are still inside until they have heard it.
    (void)co_await with_timeout(options_.close_timeout, calls_.close());
    scope_.request_stop();
    co_await scope_.join();
    (void)co_await calls_.close();
}

}  // namespace weir::inline v0::frame
