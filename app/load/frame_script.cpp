#include "app/load/frame_script.hpp"

#include <fmt/format.h>

#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"

#include "app/load/frame_dialogue.hpp"

namespace weir::app {
namespace {

result<> wrong(std::string_view word, std::string_view what) {
    return fail(error{errc::invalid_argument, fmt::format("{}: {}", word, what)});
}

// {"vendor": 1} and not 1}, "x": {: what a word smuggles in would change the call around it.
result<> write_json(std::string_view value, json::writer& out) {
    json::reader check;
    const std::string alone = fmt::format(R"({{"v":{}}})", value);
    struct : json::visitor {
        result<> on_member(std::string_view, const json::value&) override {
            ++members;
            return {};
        }
        int members = 0;
    } counted;
    if (!check.parse(as_bytes(alone)) || !check.each_member(counted) || counted.members != 1)
        return wrong(value, "no JSON");
    out.raw(value);
    return {};
}

result<> write_param(std::string_view word, json::writer& out) {
    const std::size_t equals = word.find('=');
    if (equals == std::string_view::npos || equals == 0)
        return wrong(word, "a parameter is name=text, or name:=JSON");
    const bool is_json = word[equals - 1] == ':';
    if (!out.name(word.substr(0, equals - (is_json ? 1 : 0)))) return wrong(word, "no UTF-8");
    const std::string_view value = word.substr(equals + 1);
    if (is_json) return write_json(value, out);
    if (!out.string(value)) return wrong(word, "no UTF-8");
    return {};
}

// A token has no character that JSON would escape.
std::string greeting(std::string_view token) {
    std::string text = R"({"hello":{"protocol":"weir","version":1)";
    if (!token.empty()) text += fmt::format(R"(,"token":"{}")", token);
    return text + "}}";
}

result<std::string> payload(const frame_script::words& said, std::size_t id) {
    io::block_pool blocks;
    io::block_writer bytes{blocks};
    json::writer out{bytes};
    out.begin_object();
    (void)out.name("id");
    out.integer(static_cast<std::int64_t>(id));
    (void)out.name("call");
    if (auto written = out.string(said.call); !written) return fail(errc::invalid_argument);
    (void)out.name("params");
    out.begin_object();
    for (const std::string& word : said.params)
        if (auto written = write_param(word, out); !written)
            return fail(std::move(written).error());
    out.end_object();
    out.end_object();
    std::string text;
    auto parts = bytes.all_parts();
    while (const auto part = parts.next()) text += as_text(*part);
    return text;
}

}  // namespace

result<std::unique_ptr<frame_script>> frame_script::make(const words& said, std::size_t depth) {
    std::unique_ptr<frame_script> made{new frame_script};
    made->hello_ = made->framed(greeting(said.token)).value();
    for (std::size_t place = 0; place < depth; ++place) {
        auto call = payload(said, place);
        if (!call) return fail(std::move(call).error());
        auto frame = made->framed(*call);
        if (!frame) return fail(std::move(frame).error());
        made->frames_.push_back(std::move(*frame));
    }
    made->title_ = fmt::format("{} over frames to {}", said.call, said.to);
    return made;
}

result<std::string> frame_script::framed(std::string_view payload) const {
    frame::header_buffer header;
    const auto prefix = codec_.encode_header(payload.size(), header);
    if (!prefix) return fail(prefix.error().code());
    std::string frame{as_text(*prefix)};
    return frame.append(payload);
}

std::unique_ptr<dialogue> frame_script::begin(std::size_t depth) {
    return std::make_unique<frame_dialogue>(*this, depth);
}

}  // namespace weir::app
