#include "weir/frame/client_machine.hpp"

namespace weir::inline v0::frame {
namespace {

// Doubled as often, any delay is over its bound.
constexpr unsigned most_rounds = 64;

}  // namespace

void client_machine::greeted() noexcept {
    on(event::greeted);
    served_ = false;
}

void client_machine::answered() noexcept {
    served_ = true;
    failed_hosts_ = 0;
    failed_rounds_ = 0;
}

void client_machine::failed(time_point now, std::uint64_t random) noexcept {
    pass_host();
    if (++failed_hosts_ < hosts_) return on(event::next_host);
    failed_hosts_ = 0;
    if (failed_rounds_ < most_rounds) ++failed_rounds_;
    due_ = after(now, delays_.delay(failed_rounds_, random));
    on(event::exhausted);
}

// The same host is asked first: it has answered, and may be back already.
void client_machine::lost(time_point now, std::uint64_t random) noexcept {
    if (!served_) return failed(now, random);
    on(event::lost);
}

void client_machine::said_goodbye(time_point now, std::uint64_t random) noexcept {
    if (!served_) return failed(now, random);
    pass_host();
    on(event::goodbye);
}

void client_machine::time_is(time_point now) noexcept {
    if (state_ == state::backing_off && now >= due_) on(event::delay_over);
}

std::string_view to_string(client_machine::state which) noexcept {
    switch (which) {
        case client_machine::state::resting:
            return "resting";
        case client_machine::state::connecting:
            return "connecting";
        case client_machine::state::greeting:
            return "greeting";
        case client_machine::state::open:
            return "open";
        case client_machine::state::backing_off:
            return "backing_off";
        case client_machine::state::leaving:
            return "leaving";
        case client_machine::state::closed:
            return "closed";
    }
    return "unknown";
}

std::string_view to_string(client_machine::event which) noexcept {
    switch (which) {
        case client_machine::event::wanted:
            return "wanted";
        case client_machine::event::connected:
            return "connected";
        case client_machine::event::greeted:
            return "greeted";
        case client_machine::event::next_host:
            return "next_host";
        case client_machine::event::exhausted:
            return "exhausted";
        case client_machine::event::lost:
            return "lost";
        case client_machine::event::goodbye:
            return "goodbye";
        case client_machine::event::delay_over:
            return "delay_over";
        case client_machine::event::close:
            return "close";
        case client_machine::event::finished:
            return "finished";
    }
    return "unknown";
}

}  // namespace weir::inline v0::frame
