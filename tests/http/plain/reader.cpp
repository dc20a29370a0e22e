#include "http/plain/reader.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

#include "http/plain/cursor.hpp"
#include "http/plain/grammar.hpp"
#include "http/plain/meaning.hpp"

namespace weir::inline v0::http::plain {
namespace {

// Thrown: what has come is right so far, and not enough for a verdict.
struct need_more {};

constexpr std::size_t line_without_target = 64;  // a choice: room for method, version and spaces
constexpr std::size_t most_fields = 100;         // a choice: whatever a limit says
constexpr std::size_t most_chunk_digits = 16;    // BEHAVIOUR.md

bool is_known_method(const std::string& method) {
    constexpr std::array<std::string_view, 9> known{"GET",     "HEAD",    "POST",  "PUT",  "DELETE",
                                                    "CONNECT", "OPTIONS", "TRACE", "PATCH"};
    return std::ranges::find(known, method) != known.end();
}

// A whole line as it came, up to its LF; a line ends with CR LF and nothing else (a choice that RFC
// 9112 section 2.2 leaves), and none of the rules has a CR within it.
cursor content_of(std::string_view line) {
    if (!line.ends_with("\r\n")) throw refusal{400};
    return cursor{line.substr(0, line.size() - 2)};
}

class reader {
public:
    reader(std::string_view input, const limits& bounds) : rest_{input}, bounds_{bounds} {}

    reading read_all();

private:
    bool read_request();
    void skip_empty_line();
    void expect_method();
    void read_request_line(request& into);
    [[noreturn]] void refuse_long_request_line() const;
    void read_target(request& into) const;
    field read_field_line(std::string_view line) const;
    meaning read_fields(request& into);
    void read_known_length(std::uint64_t length, std::string& into);
    void read_chunks(request& into);
    std::uint64_t read_chunk_line(std::size_t& extensions_left);
    void read_chunk_extensions(cursor line) const;
    void read_trailers(request& into);

    bool take_empty_line();
    void expect_line_end();
    char next_byte() const;
    char take_byte();
    std::optional<std::string_view> take_line(std::size_t longest);

    std::string_view rest_;
    limits bounds_;
    bool inside_ = false;
    reading result_;
};

reading reader::read_all() {
    try {
        while (read_request()) {
        }
        result_.end = ending::closed;
    } catch (const need_more&) {
        result_.end = inside_ ? ending::inside_request : ending::between_requests;
    } catch (const refusal& refused) {
        result_.end = ending::rejected;
        result_.status = refused.status;
    }
    return std::move(result_);
}

// HTTP-message = start-line CRLF *( field-line CRLF ) CRLF [ message-body ]
// (RFC 9112 section 2.1). Answers whether another request may follow.
bool reader::read_request() {
    inside_ = false;
    skip_empty_line();
    expect_method();
    inside_ = true;
    request head;
    read_request_line(head);
    const meaning said = read_fields(head);
    if (said.length() > bounds_.body) throw refusal{413};
    result_.requests.push_back(std::move(head));
    request& here = result_.requests.back();
    if (said.chunked())
        read_chunks(here);
    else
        read_known_length(said.length(), here.body);
    here.complete = true;
    return here.keeps_alive;
}

// RFC 9112 section 2.2: a server should ignore at least one empty line before a request line.
// BEHAVIOUR.md: one, and not two.
void reader::skip_empty_line() {
    if (next_byte() != '\r') return;
    expect_line_end();
    if (next_byte() == '\r') throw refusal{400};
}

// A choice: what does not begin with a token is refused at its first byte.
void reader::expect_method() {
    if (!is_tchar(next_byte())) throw refusal{400};
}

// request-line = method SP request-target SP HTTP-version (RFC 9112 section 3)
// HTTP-version = "HTTP" "/" DIGIT "." DIGIT (section 2.3)
// What cannot be understood comes before what is merely not offered.
void reader::read_request_line(request& into) {
    const auto whole = take_line(bounds_.target + line_without_target);
    if (!whole) refuse_long_request_line();
    cursor line = content_of(*whole);
    into.method = line.take_some(is_tchar);
    line.expect(" ");
    into.target = line.take_some(is_target_char);
    line.expect(" HTTP/");
    const char major = line.take(is_digit);
    line.expect(".");
    const char minor = line.take(is_digit);
    line.expect_end();
    if (major != '1') throw refusal{505};
    if (!is_known_method(into.method) || into.method == "CONNECT") throw refusal{501};
    if (into.target.size() > bounds_.target) throw refusal{414};
    into.minor_version = minor == '0' ? 0 : 1;
    read_target(into);
}

// RFC 9112 section 3: a method longer than any is 501, a target longer than is read 414.
void reader::refuse_long_request_line() const {
    const std::string_view line = rest_.substr(0, bounds_.target + line_without_target);
    const auto method_end = std::ranges::find_if_not(line, is_tchar);
    if (method_end == line.end()) throw refusal{501};
    throw refusal{*method_end == ' ' ? 414 : 400};
}

// request-target = origin-form / absolute-form / authority-form / asterisk-form (RFC 9112 section
// 3.2), of which the authority form belongs to CONNECT, and the asterisk to OPTIONS.
void reader::read_target(request& into) const {
    std::string_view path = into.target;
    if (path == "*") {
        if (into.method != "OPTIONS") throw refusal{400};
        into.path = path;
        return;
    }
    if (!path.starts_with('/')) {
        const std::size_t mark = path.find("://");
        const std::string scheme = lower_case(path.substr(0, mark));
        if (mark == std::string_view::npos) throw refusal{400};
        if (scheme != "http" && scheme != "https") throw refusal{400};  // a choice
        path.remove_prefix(mark + 3);
        into.host = path.substr(0, path.find_first_of("/?"));
        if (!is_authority(into.host)) throw refusal{400};
        path.remove_prefix(into.host.size());
    }
    const std::size_t mark = path.find('?');
    into.path = path.substr(0, mark);
    if (into.path.empty()) into.path = "/";
    if (mark != std::string_view::npos) into.query = path.substr(mark + 1);
}

// The fields, and the empty line behind them. Their limit counts whole lines, line ends included.
meaning reader::read_fields(request& into) {
    meaning said;
    std::size_t left = bounds_.field_bytes;
    while (!take_empty_line()) {
        if (into.fields.size() == std::min(bounds_.fields, most_fields)) throw refusal{431};
        const auto line = take_line(left);
        if (!line) throw refusal{431};
        left -= line->size();
        into.fields.push_back(read_field_line(*line));
        said.add(into.fields.back());
    }
    said.check(into.minor_version);
    if (into.host.empty()) into.host = said.host();  // RFC 9112 section 3.2.2
    into.keeps_alive = said.keeps_alive(into.minor_version);
    into.expects_continue = said.expects_continue(into.minor_version);
    return said;
}

// field-line = field-name ":" OWS field-value OWS (RFC 9112 section 5)
field reader::read_field_line(std::string_view line) const {
    cursor content = content_of(line);
    field found;
    found.name = content.take_some(is_tchar);
    content.expect(":");
    found.value = without_blanks_around(content.take_all(is_field_char));
    content.expect_end();
    return found;
}

void reader::read_known_length(std::uint64_t length, std::string& into) {
    while (into.size() < length) into += take_byte();
}

// chunked-body = *chunk last-chunk trailer-section CRLF (RFC 9112 section 7.1)
// chunk = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
void reader::read_chunks(request& into) {
    std::size_t extensions_left = bounds_.chunk_extensions;
    for (;;) {
        const std::uint64_t size = read_chunk_line(extensions_left);
        if (size > bounds_.body - into.body.size()) throw refusal{413};
        if (size == 0) break;
        const std::uint64_t end = into.body.size() + size;
        while (into.body.size() < end) into.body += take_byte();
        expect_line_end();
    }
    read_trailers(into);
}

// BEHAVIOUR.md: at most sixteen digits; the extensions of a message are bounded together.
std::uint64_t reader::read_chunk_line(std::size_t& extensions_left) {
    const auto whole = take_line(most_chunk_digits + extensions_left + 2);
    if (!whole) throw refusal{400};
    cursor line = content_of(*whole);
    const std::string digits = line.take_some(is_hexdig);
    if (digits.size() > most_chunk_digits) throw refusal{400};
    if (line.rest().size() > extensions_left) throw refusal{400};
    extensions_left -= line.rest().size();
    read_chunk_extensions(line);
    return std::stoull(digits, nullptr, 16);
}

// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] ) (section 7.1.1)
// chunk-ext-val = token / quoted-string. BEHAVIOUR.md: no space behind a chunk's size.
void reader::read_chunk_extensions(cursor line) const {
    if (is_blank(line.rest().empty() ? '\0' : line.rest().front())) throw refusal{400};
    while (!line.at_end()) {
        line.take_all(is_blank);
        line.expect(";");
        line.take_all(is_blank);
        line.take_some(is_tchar);
        cursor behind_name = line;
        behind_name.take_all(is_blank);
        if (!behind_name.take_if('=')) continue;
        line = behind_name;
        line.take_all(is_blank);
        if (!line.take_if('"')) {
            line.take_some(is_tchar);
            continue;
        }
        while (!line.take_if('"')) {  // RFC 9110 section 5.6.4
            line.take_if('\\');
            line.take(is_field_char);
        }
    }
}

// trailer-section = *( field-line CRLF ) (section 7.1.2): checked, bounded, and known when
// the last has come.
void reader::read_trailers(request& into) {
    std::vector<field> found;
    std::size_t left = bounds_.trailers;
    while (!take_empty_line()) {
        const auto line = take_line(left);
        if (!line) throw refusal{431};
        left -= line->size();
        found.push_back(read_field_line(*line));
    }
    into.trailers = std::move(found);
}

bool reader::take_empty_line() {
    if (next_byte() != '\r') return false;
    expect_line_end();
    return true;
}

void reader::expect_line_end() {
    if (take_byte() != '\r') throw refusal{400};
    if (take_byte() != '\n') throw refusal{400};
}

char reader::next_byte() const {
    if (rest_.empty()) throw need_more{};
    return rest_.front();
}

char reader::take_byte() {
    const char c = next_byte();
    rest_.remove_prefix(1);
    return c;
}

// Nothing where the line is longer, also where its end has not come. Verdicts on a line wait for
// all of it (src/http/README.md), so that they do not depend on how much of it has come.
std::optional<std::string_view> reader::take_line(std::size_t longest) {
    for (std::size_t size = 0; size < longest; ++size) {
        if (size == rest_.size()) throw need_more{};
        if (rest_[size] != '\n') continue;
        const std::string_view line = rest_.substr(0, size + 1);
        rest_.remove_prefix(line.size());
        return line;
    }
    return std::nullopt;
}

}  // namespace

reading read(std::string_view input, const limits& bounds) {
    return reader{input, bounds}.read_all();
}

}  // namespace weir::inline v0::http::plain
