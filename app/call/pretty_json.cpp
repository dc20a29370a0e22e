#include "app/call/pretty_json.hpp"

namespace weir::app {
namespace {

class printer {
public:
    std::string print(std::string_view json) {
        for (std::size_t at = 0; at < json.size(); ++at) {
            if (json[at] == '"')
                at = copy_string(json, at);
            else
                take(json, at);
        }
        return std::move(text_);
    }

private:
    // Answers with where its closing quote is.
    std::size_t copy_string(std::string_view json, std::size_t from) {
        std::size_t at = from + 1;
        while (at < json.size() && json[at] != '"') at += json[at] == '\\' ? 2 : 1;
        text_ += json.substr(from, at + 1 - from);
        return at;
    }

    void take(std::string_view json, std::size_t at) {
        const char byte = json[at];
        if (byte == '{' || byte == '[') {
            text_ += byte;
            empty_ = json.find_first_not_of(" \t\r\n", at + 1) == json.find(closing(byte), at + 1);
            if (!empty_) ++depth_;
            if (!empty_) new_line();
        } else if (byte == '}' || byte == ']') {
            if (!empty_) --depth_;
            if (!empty_) new_line();
            text_ += byte;
            empty_ = false;
        } else if (byte == ',') {
            text_ += byte;
            new_line();
        } else if (byte == ':') {
            text_ += ": ";
        } else if (byte != ' ' && byte != '\t' && byte != '\r' && byte != '\n') {
            text_ += byte;
        }
    }

    static char closing(char opening) noexcept { return opening == '{' ? '}' : ']'; }
    void new_line() {
        text_ += '\n';
        text_.append(2 * depth_, ' ');
    }

    std::string text_;
    std::size_t depth_ = 0;
    bool empty_ = false;  // the bracket that was opened last holds nothing
};

}  // namespace

std::string pretty_json(std::string_view json) { return printer{}.print(json); }

}  // namespace weir::app
