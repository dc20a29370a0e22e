// An open socket that no loop has adopted yet: the only thing about a connection that moves from
// one loop to another.
#pragma once

#include <utility>

#include "weir/io/endpoint.hpp"

namespace weir::inline v0::io {

class native_socket {
public:
    // What knows it and closes it: the operating system, or a simulated network.
    class owner {
    public:
        virtual void close(int number) noexcept = 0;
        virtual int processor(int) const noexcept { return -1; }

    protected:
        ~owner() = default;
    };

    native_socket() noexcept = default;
    native_socket(int number, owner& owner, endpoint peer) noexcept
        : number_{number}, owner_{&owner}, peer_{std::move(peer)} {}
    native_socket(native_socket&& other) noexcept
        : number_{std::exchange(other.number_, -1)},
          owner_{other.owner_},
          peer_{std::move(other.peer_)} {}
    native_socket& operator=(native_socket&& other) noexcept {
        std::swap(number_, other.number_);
        std::swap(owner_, other.owner_);
        std::swap(peer_, other.peer_);
        return *this;
    }
    ~native_socket() {
        if (number_ >= 0) owner_->close(number_);
    }

    explicit operator bool() const noexcept { return number_ >= 0; }
    int number() const noexcept { return number_; }
    int release() noexcept { return std::exchange(number_, -1); }
    const endpoint& peer() const noexcept { return peer_; }
    // On which its last packet came in; -1 where that is not known.
    int processor() const noexcept { return number_ < 0 ? -1 : owner_->processor(number_); }

private:
    int number_ = -1;
    owner* owner_ = nullptr;
    endpoint peer_;
};

}  // namespace weir::inline v0::io
