#include "conversation.hpp"

#include <memory>

#include "weir/http/request_machine.hpp"

#include "conversation_driver.hpp"
#include "http/differential/machine_reading.hpp"
#include "http/plain/reader.hpp"

namespace weir::inline v0::http {
namespace {

class server_side {
public:
    using machine_type = request_machine;

    explicit server_side(const limits& bounds) : machine_{bounds} {}

    request_machine& machine() { return machine_; }
    request_head& head() { return *head_; }
    void prepare() {}

    void write_head(std::string& log) const {
        log += "head " + std::string{to_string(head_->method())} + ' ';
        log += head_->path();
        if (!head_->query().empty()) (log += '?') += head_->query();
        (log += ' ') += to_string(head_->version());
        (log += " host=") += head_->host();
        log += " fields=" + std::to_string(head_->fields().size());
        if (head_->content_length()) log += " length=" + std::to_string(*head_->content_length());
        if (head_->chunked()) log += " chunked";
        if (!head_->keep_alive()) log += " close";
        if (head_->expects_continue()) log += " expects-continue";
        log += '\n';
    }

private:
    request_machine machine_;
    std::unique_ptr<request_head> head_ = std::make_unique<request_head>();
};

auto making(const limits& bounds) {
    return [&bounds] { return server_side{bounds}; };
}

}  // namespace

std::string converse(const std::vector<std::string_view>& pieces, const limits& bounds) {
    return converse_in(pieces, making(bounds));
}

std::string converse_at_every_split(std::string_view input, const limits& bounds) {
    request_head head;
    EXPECT_EQ(read_by_machine(input, {}, bounds, head).said, plain::read(input, as_plain(bounds)))
        << "the plain reader reads it differently";
    return converse_at_every_split_in(input, making(bounds));
}

std::string verdict(std::string_view input, const limits& bounds) {
    const std::string said = converse_at_every_split(input, bounds);
    const std::size_t rejection = said.find("reject ");
    if (rejection == std::string::npos) return said.ends_with("premature\n") ? "premature" : "read";
    return said.substr(rejection + 7, said.rfind(" at ") - rejection - 7);
}

}  // namespace weir::inline v0::http
