// Frames of the calls' protocol, one in each line, read as a server reads its client's and as a
// client reads its server's.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "weir/call/conversation.hpp"
#include "weir/call/message.hpp"
#include "weir/json/reader.hpp"

#include "frame/client_messages.hpp"
#include "fuzz/hold.hpp"
#include "fuzz/targets.hpp"

namespace weir::fuzz {
namespace {

class called_server {
public:
    void take(bytes_view frame) {
        if (conversation_.ended()) return;
        const auto message = call::read(frame, input_);
        if (!message) {
            hold(message.error() == errc::malformed || message.error() == errc::unsupported,
                 "a frame that is no message is the peer's fault");
            conversation_.end();
            return;
        }
        const bool greeted = conversation_.greeted();
        const auto step = conversation_.on(*message);
        hold(step.has_value() || conversation_.ended(), "a violation ends the conversation");
        if (step)
            hold(greeted || conversation_.greeted() || conversation_.ended(),
                 "nothing comes before the hello");
        if (++frames_ % 5 == 0 && conversation_.may_leave()) conversation_.leave();
    }

private:
    call::conversation conversation_;
    json::reader input_;
    std::size_t frames_ = 0;
};

class answered_client {
public:
    void take(bytes_view frame) {
        const auto message = messages_.read(frame);
        if (!message || message->is != frame::server_message::kind::answer) return;
        const std::string rest = frame::without_id(as_text(frame));
        hold(json_.parse(as_bytes(rest)).has_value(), "an answer without its id is JSON");
    }

private:
    frame::message_reader messages_;
    json::reader json_;
};

}  // namespace

void call_messages(bytes_view input, std::size_t) {
    called_server calls;
    answered_client answers;
    std::string_view rest = as_text(input);
    while (!rest.empty()) {
        const std::string_view line = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(std::min(line.size() + 1, rest.size()));
        const std::string frame{line};  // of just this size
        calls.take(as_bytes(frame));
        answers.take(as_bytes(frame));
    }
}

}  // namespace weir::fuzz
