#include "activation.hpp"

#include <string>
#include <utility>

#include "weir/io/local_message.hpp"

#include "process_environment.hpp"

namespace weir::inline v0 {
namespace {

constexpr int first_descriptor = 3;

result<int> announced() {
    const auto process = environment_number("LISTEN_PID");
    const auto count = environment_number("LISTEN_FDS");
    for (const char* each : {"LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"}) {
        forget_environment(each);
    }
    if (process != own_process()) return 0;
    if (!count || *count > io::most_sockets) {
        return fail(errc::malformed,
                    "LISTEN_FDS is no number up to " + std::to_string(io::most_sockets));
    }
    return static_cast<int>(*count);
}

}  // namespace

result<std::vector<io::listening_socket>> take_activation_sockets() {
    auto count = announced();
    if (!count) return std::unexpected{std::move(count).error()};
    std::vector<io::listening_socket> passed;
    for (int each = first_descriptor; each < first_descriptor + *count; ++each) {
        auto taken = io::take_listening_socket(each);
        if (!taken) {
            return fail(
                error{errc::invalid_argument, "a socket that was passed by LISTEN_FDS"}.because(
                    std::move(taken).error()));
        }
        taken->kept = true;
        passed.push_back(std::move(*taken));
    }
    return passed;
}

}  // namespace weir::inline v0
