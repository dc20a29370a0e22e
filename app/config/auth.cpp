#include "app/config/auth.hpp"

#include <algorithm>
#include <utility>

#include "app/config/path_template.hpp"
#include "app/config/secret.hpp"

namespace weir::app {

namespace {

constexpr std::array accesses{choice{"required", read_access::required},
                              choice{"open", read_access::open}};

// Fewer are guessed.
constexpr std::size_t fewest_characters = 16;
// What a header's field and a JSON text both hold with room to spare.
constexpr std::size_t most_characters = 1024;

// b64token (RFC 6750 section 2.1), so that it fits an Authorization field as it is.
bool is_token(std::string_view text) noexcept {
    const std::size_t end = std::min(text.find('='), text.size());
    return end > 0 && text.find_first_not_of('=', end) == std::string_view::npos &&
           std::all_of(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(end), [](char c) {
               return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                      std::string_view{"-._~+/"}.find(c) != std::string_view::npos;
           });
}

class auth_reader {
public:
    auth_reader(reading& reading, const toml_node& table, std::string key, auth_config& into)
        : reading_{reading}, in_{reading, table, std::move(key)}, into_{into} {}

    void read() {
        in_.read_choice("reads", into_.reads, accesses);
        const std::size_t before = in_.problems_found();
        read_tokens("tokens", &read_variable);
        read_tokens("tokens_file", &read_secret_file);
        if (into_.tokens.empty() && in_.problems_found() == before)
            in_.add("", R"(has no token: write tokens.NAME = "${VARIABLE}", or )"
                        R"(tokens_file.NAME = "FILE")");
        in_.finish();
    }

private:
    using source = bool (*)(const reading&, section&, std::string_view key, std::string& into);

    // What stands in the file itself is seen by whoever sees the file.
    static bool read_variable(const reading&, section& in, std::string_view key,
                              std::string& into) {
        const bool read = in.read_text(key, into);
        in.conceal(key);
        if (!read || in.written(key) != '"' + into + '"') return read;
        in.add(key, R"(must not stand here: write "${VARIABLE}", or use tokens_file)");
        return false;
    }

    void read_tokens(std::string_view key, source source) {
        const toml_node* table = in_.find(key, toml_node::kind::table);
        if (table == nullptr) return;
        section each{reading_, *table, in_.key_of(key)};
        for (const toml_entry& entry : table->entries) {
            auth_token token{entry.key, {}};
            if (source(reading_, each, entry.key, token.secret)) keep(each, std::move(token));
        }
    }

    void keep(section& in, auth_token token) {
        if (!is_parameter_name(token.name))
            return in.add(token.name,
                          "the name must be of letters, digits and _, and begin with no digit");
        if (has(token.name)) return in.add(token.name, "there are two tokens of this name");
        if (const auto fault = token_fault(token.secret); !fault.empty())
            return in.add(token.name, std::string{fault});
        into_.tokens.push_back(std::move(token));
    }

    bool has(std::string_view name) const noexcept {
        return std::any_of(into_.tokens.begin(), into_.tokens.end(),
                           [&](const auth_token& each) { return each.name == name; });
    }

    reading& reading_;
    section in_;
    auth_config& into_;
};

}  // namespace

std::string_view token_fault(std::string_view token) noexcept {
    if (token.size() < fewest_characters || token.size() > most_characters)
        return "must be of 16 to 1024 characters, as `openssl rand -base64 32` makes";
    if (!is_token(token)) return "must be of letters, digits and -._~+/, with = at the end only";
    return {};
}

void read_auth(reading& reading, section& listener, auth_config& into) {
    const toml_node* table = listener.find("auth", toml_node::kind::table);
    if (table != nullptr) auth_reader{reading, *table, listener.key_of("auth"), into}.read();
}

}  // namespace weir::app
