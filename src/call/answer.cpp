#include "weir/call/answer.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "weir/base/version.hpp"

namespace weir::inline v0::call {

namespace {

struct meaning {
    errc code;
    std::string_view title;  // for people; what programs compare is the code
};

constexpr std::array meanings{
    meaning{errc::invalid_argument, "The call is wrong"},
    meaning{errc::malformed, "This is no message"},
    meaning{errc::not_found, "There is no such thing"},
    meaning{errc::conflict, "A constraint of the database forbids it"},
    meaning{errc::overloaded, "Too much to do; try again later"},
    meaning{errc::timed_out, "It took too long"},
    meaning{errc::too_large, "Too large"},
    meaning{errc::canceled, "It was canceled"},
    meaning{errc::unavailable, "Not begun; safe to try elsewhere"},
    meaning{errc::storage, "The database's disk fails"},
    meaning{errc::outcome_unknown, "It may have been done, or not"},
    meaning{errc::unsupported, "Not spoken here"},
    meaning{errc::permission_denied, "Only with a token"},
    meaning{errc::internal, "It failed"},
};

const meaning& meaning_of(errc code) noexcept {
    if (code == errc::out_of_memory) code = errc::overloaded;
    const auto found = std::ranges::find(meanings, code, &meaning::code);
    return found == meanings.end() ? meanings.back() : *found;
}

void write_text(std::string_view name, std::string_view text, json::writer& json) {
    (void)json.name(name);
    if (!json.string(text)) json.null();
}

void write_number(std::string_view name, std::size_t number, json::writer& json) {
    (void)json.name(name);
    json.integer(static_cast<std::int64_t>(number));
}

}  // namespace

void write_hello(const server_hello& hello, json::writer& json) {
    json.begin_object();
    (void)json.name("hello");
    json.begin_object();
    write_text("protocol", "weir", json);
    write_number("version", version, json);
    write_number("in_flight", hello.in_flight, json);
    write_number("max_frame", hello.max_frame, json);
    write_text("server", "weir " + std::string{weir::version}, json);
    json.end_object();
    json.end_object();
}

void write_goodbye(std::string_view reason, json::writer& json) {
    json.begin_object();
    (void)json.name("goodbye");
    json.begin_object();
    write_text("reason", reason, json);
    json.end_object();
    json.end_object();
}

void write_error(const id& of, const error& why, json::writer& json) {
    const meaning& known = meaning_of(why.code());
    json.begin_object();
    (void)json.name("id");
    of.write(json);
    (void)json.name("error");
    json.begin_object();
    write_text("code", to_string(known.code), json);
    write_text("title", known.title, json);
    if (why.text() != to_string(why.code())) write_text("detail", why.text(), json);
    json.end_object();
    json.end_object();
}

std::string_view wire_code(errc code) noexcept { return to_string(meaning_of(code).code); }

}  // namespace weir::inline v0::call
