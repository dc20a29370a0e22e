#include "weir/call/message.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <utility>

namespace weir::inline v0::call {

namespace {

using kind = json::value::kind;

constexpr std::int64_t longest_timeout_ms = std::int64_t{24} * 3600 * 1000;

auto violated(const char* why) { return fail(errc::malformed, why); }

error wrong_call(std::string text) { return {errc::invalid_argument, std::move(text)}; }

error given_twice(errc code, std::string_view name) {
    return {code, std::string{name} + " is given twice"};
}

struct member {
    explicit member(std::string_view name) noexcept : name{name} {}

    std::string_view name;
    json::value value;
    unsigned times = 0;
};

// The known members of an object, whichever message it is, and the first that is not known.
class members final : public json::visitor {
public:
    const member& hello() const noexcept { return all_[0]; }
    const member& cancel() const noexcept { return all_[1]; }
    const member& goodbye() const noexcept { return all_[2]; }
    const member& id() const noexcept { return all_[3]; }
    const member& call() const noexcept { return all_[4]; }
    const member& params() const noexcept { return all_[5]; }
    const member& timeout() const noexcept { return all_[6]; }
    const std::optional<std::string_view>& unknown() const noexcept { return unknown_; }

    // With an id and no call it is one that forgot what to call.
    bool are_call() const noexcept { return id().times + call().times > 0; }
    int messages() const noexcept {
        return int{hello().times > 0} + int{cancel().times > 0} + int{goodbye().times > 0} +
               int{are_call()};
    }

private:
    result<> on_member(std::string_view name, const json::value& value) override {
        const auto found = std::ranges::find(all_, name, &member::name);
        if (found == all_.end()) {
            if (!unknown_) unknown_ = name;
        } else if (found->times++ == 0) {
            found->value = value;
        }
        return {};
    }

    std::array<member, 7> all_{member{"hello"}, member{"cancel"}, member{"goodbye"},   member{"id"},
                               member{"call"},  member{"params"}, member{"timeout_ms"}};
    std::optional<std::string_view> unknown_;
};

// What is under "hello". What is not known there is for later versions.
class greeting final : public json::visitor {
public:
    result<message> finish() const {
        if (!protocol_) return violated("a hello says \"protocol\": \"weir\"");
        if (version_.is != kind::integer) return violated("a hello's version is an integer");
        if (has_token_ && token_.is != kind::text) return violated("a hello's token is a text");
        call::hello said{version_.integer};
        if (has_token_) said.token = token_.text;
        return message{said};
    }

private:
    result<> on_member(std::string_view name, const json::value& value) override {
        if (name == "protocol") protocol_ = value.is == kind::text && value.text == "weir";
        if (name == "version") version_ = value;
        if (name != "token") return {};
        // Which of two is meant, is not guessed.
        if (has_token_) return fail(given_twice(errc::malformed, name));
        has_token_ = true;
        token_ = value;
        return {};
    }

    bool protocol_ = false;
    json::value version_;
    bool has_token_ = false;
    json::value token_;
};

result<message> read_hello(const members& all, const json::reader& input) {
    if (all.hello().value.is != kind::object) return violated("hello must be an object");
    greeting inner;
    if (auto visited = input.each_member_of("hello", inner); !visited)
        return fail(std::move(visited.error()));
    return inner.finish();
}

result<message> read_cancel(const members& all) {
    const call::id which{all.cancel().value};
    if (which.is_none()) return violated("cancel must be the id of a call");
    return message{call::cancel{which}};
}

// Good, or why the call cannot be made.
result<> check(const members& all) {
    for (const member* each : {&all.call(), &all.params(), &all.timeout()})
        if (each->times > 1) return fail(given_twice(errc::invalid_argument, each->name));
    if (const auto& name = all.unknown()) {
        constexpr std::size_t most_shown = 100;
        return fail(wrong_call("a call has id, call, params and timeout_ms, and no " +
                               std::string{name->size() <= most_shown ? *name : "more"}));
    }
    if (all.call().times == 0) return fail(wrong_call("call is missing"));
    if (all.call().value.is != kind::text) return fail(wrong_call("call must be a text"));
    if (all.params().times > 0 && all.params().value.is != kind::object)
        return fail(wrong_call("params must be an object"));
    const json::value& timeout = all.timeout().value;
    const bool in_range = timeout.is == kind::integer && timeout.integer >= 1 &&
                          timeout.integer <= longest_timeout_ms;
    if (all.timeout().times > 0 && !in_range)
        return fail(wrong_call("timeout_ms must be an integer from 1 to 86400000"));
    return {};
}

result<message> read_call(const members& all) {
    if (all.id().times == 0) return violated("a call must have an id");
    if (all.id().times > 1) return fail(given_twice(errc::malformed, "id"));
    request asked;
    asked.id = call::id{all.id().value};
    if (asked.id.is_none()) return violated("id must be an integer, or a text of at most 64 bytes");
    asked.sound = check(all);
    asked.name = all.call().value.text;
    asked.has_params = all.params().times > 0;
    if (all.timeout().times > 0)
        asked.timeout = std::chrono::milliseconds{all.timeout().value.integer};
    return message{std::move(asked)};
}

}  // namespace

result<message> read(bytes_view frame, json::reader& input) {
    if (auto parsed = input.parse(frame); !parsed) return fail(std::move(parsed.error()));
    members all;
    (void)input.each_member(all);
    if (all.messages() == 0) return violated("this is no hello, call, cancel or goodbye");
    if (all.messages() > 1) return violated("this is more than one message");
    if (all.are_call()) return read_call(all);
    for (const member* each : {&all.hello(), &all.cancel(), &all.goodbye()})
        if (each->times > 1) return fail(given_twice(errc::malformed, each->name));
    if (all.hello().times > 0) return read_hello(all, input);
    if (all.cancel().times > 0) return read_cancel(all);
    return message{goodbye{}};
}

}  // namespace weir::inline v0::call
