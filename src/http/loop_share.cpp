#include "loop_share.hpp"

#include <algorithm>
#include <new>
#include <string>

namespace weir::inline v0::http {
namespace {

std::vector<std::string_view> labels_of(const route_table& routes) {
    std::vector<std::string_view> labels{"other"};
    for (const auto& each : routes.routes()) labels.push_back(each->label);
    return labels;
}

// A request in flight pins the slab in which its head lies, and one in which its body begins. With
// two fifths of the slabs' number of them a fifth of the slabs stays free, and reading, which
// pauses below a tenth, goes on: otherwise the bodies that handlers wait for could not arrive.
std::size_t most_in_flight(const server_options& options, const io::slab_pool& slabs) {
    const std::size_t bearable = std::max<std::size_t>(1, slabs.size() * 2 / 5);
    return std::min(options.max_in_flight, bearable);
}

std::string handler_of(const request& which) {
    std::string name{"the handler of "};
    return name.append(which.route()).append(" for ").append(which.peer().text());
}

std::string request_id_of(const request& which) {
    std::string id{" (request "};
    return id.append(which.id()).append(")");
}

}  // namespace

void date_line::refresh(time_point now, const io::wall_clock& clock) {
    constexpr std::int64_t second = 1'000'000'000;
    const std::int64_t wall = clock();
    const std::int64_t into = ((wall % second) + second) % second;
    date_ = date{(wall - into) / second};
    until_ = after(now, duration{second - into});
}

loop_share::loop_share(io::loop& loop, const server_options& options, const route_table& routes,
                       const server_metrics* families)
    : loop_{loop},
      options_{options},
      routes_{routes},
      metrics_{families, loop, labels_of(routes)},
      in_flight_{most_in_flight(options, loop.slabs()), 0},
      last_number_{std::uint64_t{loop.index()} << 48U},
      numbers_{loop.engine().random()} {
    unused_.reserve(most_kept);
}

void loop_share::threw(const request& which, const net::connection& from,
                       std::string_view text) noexcept {
    try {
        if (options_.on_exception) {
            return options_.on_exception(which, error{errc::internal, std::string{text}});
        }
        from.tell(handler_of(which).append(" threw: ").append(text).append(request_id_of(which)));
    } catch (const std::bad_alloc&) {
        return;  // counted, which is what can be done without memory
    }
}

void loop_share::overdue(const request& which, const net::connection& from) noexcept {
    metrics_.overdue();
    if (options_.on_overdue) return options_.on_overdue(which);
    try {
        from.tell(handler_of(which)
                      .append(" goes on though its time is over")
                      .append(request_id_of(which)));
    } catch (const std::bad_alloc&) {
        return;  // counted
    }
}

loop_share::lease loop_share::borrow(request_machine::pause rest, const environment& env) {
    std::unique_ptr<exchange> lent;
    if (unused_.empty()) {
        lent = std::make_unique<exchange>(loop_, options_.limits);
    } else {
        lent = std::move(unused_.back());
        unused_.pop_back();
    }
    lent->machine = request_machine{options_.limits, rest};
    lent->env = &env;
    return lease{*this, std::move(lent)};
}

void loop_share::lease::give_back() noexcept {
    if (!held_) return;
    held_->clear();
    if (owner_.unused_.size() < most_kept) owner_.unused_.push_back(std::move(held_));
    held_.reset();
}

}  // namespace weir::inline v0::http
