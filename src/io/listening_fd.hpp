// What listeners of both engines hold: a descriptor that listens, and who else has it.
//
// A socket may be another process's, too: a service manager keeps it, or a successor has taken it
// over. What is done to such a socket, and not to the descriptor, is done to them.
#pragma once

#include <optional>

#include <sys/types.h>

#include "weir/base/unique_fd.hpp"
#include "weir/io/endpoint.hpp"
#include "weir/io/engine.hpp"
#include "weir/io/listening_socket.hpp"

namespace weir::inline v0::io {

class listening_fd {
public:
    // Opened by this process, which removes a unix socket's file in the end, where it is still that
    // socket's.
    static result<listening_fd> open(const endpoint& at, const listen_options& options);
    // Opened by another one.
    static listening_fd inherit(listening_socket from, const listen_options& options) noexcept;
    listening_fd(listening_fd&& other) noexcept = default;
    listening_fd& operator=(listening_fd&&) = delete;
    ~listening_fd();

    int get() const noexcept { return fd_.get(); }
    const endpoint& local() const noexcept { return local_; }
    bool has_waiting() const noexcept;
    void refuse_new() noexcept;

    bool shared() const noexcept { return shared_; }
    result<listening_socket> share() const;
    void hand_over() noexcept;
    void take_charge() noexcept;

private:
    // Of a unix socket; whoever listens at the same path later has another one.
    struct file {
        dev_t device;
        ino_t number;
        bool operator==(const file&) const noexcept = default;
    };

    listening_fd(unique_fd fd, endpoint local) noexcept;
    std::optional<file> find_file() const noexcept;

    unique_fd fd_;
    endpoint local_;
    std::optional<file> own_file_;  // to be removed in the end
    bool kept_ = false;
    bool shared_ = false;
};

}  // namespace weir::inline v0::io
