// A transport that tells how often it was asked for what.
#pragma once

#include <memory>
#include <utility>

#include "weir/io/transport.hpp"

namespace weir::inline v0::net {

class counting_transport final : public io::transport {
public:
    explicit counting_transport(std::unique_ptr<io::transport> inner) noexcept
        : inner_{std::move(inner)} {}

    bool start(io::receive_op& receive) noexcept override {
        ++receives;
        return inner_->start(receive);
    }
    bool start(io::send_op& send) noexcept override {
        ++sends;
        return inner_->start(send);
    }
    bool start(io::break_op& watch) noexcept override {
        ++watches;
        return inner_->start(watch);
    }
    bool cancel(io::operation& pending) noexcept override { return inner_->cancel(pending); }
    void abandon(io::operation& pending) noexcept override { inner_->abandon(pending); }
    std::optional<std::size_t> left_before_end() const noexcept override {
        return inner_->left_before_end();
    }
    std::size_t peek(bytes_span into) const noexcept override {
        ++peeks;
        return inner_->peek(into);
    }
    void shutdown() noexcept override { inner_->shutdown(); }
    void abort() noexcept override { inner_->abort(); }
    const io::endpoint& peer() const noexcept override { return inner_->peer(); }

    int sends = 0;
    int receives = 0;
    int watches = 0;
    mutable int peeks = 0;

private:
    std::unique_ptr<io::transport> inner_;
};

}  // namespace weir::inline v0::net
