#include "app/config/config.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "app/config/endpoint_reader.hpp"
#include "app/config/secret.hpp"
#include "app/config/section.hpp"
#include "app/config/text_file.hpp"

namespace weir::app {

namespace {

using namespace std::chrono_literals;

constexpr std::array engines{choice{"auto", engine_choice::automatic},
                             choice{"uring", engine_choice::uring},
                             choice{"epoll", engine_choice::epoll}};
constexpr std::array placements{choice{"load", placement_choice::load},
                                choice{"processor", placement_choice::processor}};
// As the library calls them, and with it PUT /debug/log-level.
constexpr std::array levels{choice{"debug", log_level::debug}, choice{"info", log_level::info},
                            choice{"warning", log_level::warning},
                            choice{"error", log_level::error}, choice{"off", log_level::off}};
constexpr std::array integer_styles{choice{"number", integer_style::number},
                                    choice{"string", integer_style::string}};
constexpr interval<std::int64_t> many{1, 1'000'000}, none_or_many{0, 1'000'000};
constexpr std::size_t longest_socket_path = 107;
constexpr std::string_view sqlite_scheme = "sqlite:";

// As a Host field has it: a name, or an IPv6 address in its brackets; without a port.
bool is_host(std::string_view text) noexcept {
    const bool bracketed = text.starts_with('[') && text.ends_with(']');
    const std::string_view name = bracketed ? text.substr(1, text.size() - 2) : text;
    return !name.empty() && name.size() <= 253 &&
           std::all_of(name.begin(), name.end(), [&](char c) {
               return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                      c == '.' || (bracketed ? c == ':' : c == '-' || c == '_');
           });
}

class config_reader {
public:
    config_reader(reading& reading, const toml_node& document, const std::filesystem::path& file)
        : reading_{reading}, root_{reading, document, ""} {
        into_.file = file;
        empty_.where = document.where;
    }

    config read() {
        read_service();
        read_log();
        read_database();
        read_limits();
        read_json();
        read_drain();
        read_endpoints();
        read_listeners();
        root_.finish();
        return std::move(into_);
    }

private:
    // The table under a key; an empty one, at the document's beginning, where there is none, so
    // that missing keys are told all the same.
    section table(std::string_view key) {
        reading_.effective.begin_table('[' + std::string{key} + ']', std::string{key} + '.');
        const toml_node* found = root_.find(key, toml_node::kind::table);
        return {reading_, found ? *found : empty_, std::string{key}};
    }

    void read_service() {
        section in = table("service");
        if (in.read_text("name", into_.service.name) && into_.service.name.empty())
            in.add("name", "must not be empty");
        if (in.read_text("user", into_.service.user) && into_.service.user.empty())
            in.add("user", "must not be empty");
        into_.service.where_user = in.place_of("user");
        read_takeover(in);
        in.read_count("loops", into_.service.loops, {0, 1024});
        in.read_choice("engine", into_.service.engine, engines);
        into_.service.where_engine = in.place_of("engine");
        in.read_choice("placement", into_.service.placement, placements);
        in.finish();
    }

    void read_takeover(section& in) {
        std::string path;
        const bool there = in.read_text("takeover", path);
        into_.service.where_takeover = in.place_of("takeover");
        if (!there) return;
        if (path.empty() || path.find('\0') != std::string::npos)
            return in.add("takeover", "must name a file");
        into_.service.takeover = (reading_.folder / path).lexically_normal();
        if (into_.service.takeover.native().size() > longest_socket_path)
            in.add("takeover", "is too long: a unix socket's path has at most 107 bytes");
    }

    void read_log() {
        section in = table("log");
        in.read_choice("level", into_.log.level, levels);
        in.finish();
    }

    void read_database() {
        // One problem is enough where it is no table.
        const toml_node* found = root_.find("database");
        const bool wrong = found && found->is != toml_node::kind::table;
        section in = table("database");
        if (!wrong) read_place(in);
        into_.database.migrations = read_migrations(reading_, in, "migrations");
        into_.database.where_migrations = in.place_of("migrations");
        in.read_count("readers", into_.database.readers, {1, 1000});
        in.read_duration("acquire_timeout", into_.database.acquire_timeout, 1ms);
        in.read_duration("busy_timeout", into_.database.busy_timeout, 0ms);
        in.read_duration("statement_timeout", into_.database.statement_timeout, 1ms);
        in.read_count("group_statements", into_.database.group_statements, {1, 100'000});
        in.read_size("group_bytes", into_.database.group_bytes, {1, 1LL << 30});
        in.finish();
    }

    // There may be a password in a url: in a file of its own it is safe, and no message shows it.
    void read_place(section& in) {
        std::string url;
        if (in.find("url_file") != nullptr) {
            if (in.find("url") != nullptr)
                in.add("url_file", "is there beside url: take one of them out");
            if (read_secret_file(reading_, in, "url_file", url)) read_url(in, "url_file", url);
            return;
        }
        if (in.require("url") == nullptr || !in.read_text("url", url)) return;
        if (!url.starts_with(sqlite_scheme)) in.conceal("url");
        read_url(in, "url", url);
    }

    void read_url(section& in, std::string_view key, std::string_view url) {
        if (url.starts_with("postgresql:") || url.starts_with("postgres:"))
            return in.add(key, "PostgreSQL is not offered yet: use \"sqlite:\" and a file");
        if (!url.starts_with(sqlite_scheme))
            return in.add(key, "must begin with \"sqlite:\", followed by a file");
        url.remove_prefix(sqlite_scheme.size());
        if (url.empty()) return in.add(key, "names no file");
        if (url.starts_with("//") && !url.starts_with("///"))
            return in.add(key, "has no host: write sqlite:file, or sqlite:/folder/file");
        if (url.starts_with(':'))
            return in.add(key, "must name a file: what is in memory, its readers cannot share");
        if (url.find_first_of(std::string_view{"?\0", 2}) != std::string_view::npos)
            return in.add(key, "must not have options behind a ?");
        into_.database.url = in.place_of(key);
        into_.database.url_key = in.key_of(key);
        into_.database.file = (reading_.folder / url).lexically_normal();
    }

    void read_limits() {
        section in = table("limits");
        in.read_count("max_connections", into_.limits.max_connections, many);
        in.read_count("max_connections_per_address", into_.limits.max_connections_per_address,
                      none_or_many);
        in.read_count("max_accepts_per_second", into_.limits.max_accepts_per_second, none_or_many);
        in.read_duration("max_connection_age", into_.limits.max_connection_age, 0ms);
        in.read_duration("idle_timeout", into_.limits.idle_timeout, 1ms);
        in.read_duration("user_timeout", into_.limits.user_timeout, 2s);
        in.read_count("in_flight", into_.limits.in_flight, {1, 10'000});
        in.read_duration("request_timeout", into_.limits.request_timeout, 1ms);
        in.read_size("body", into_.limits.body, {0, 1LL << 30});
        in.read_count("max_rows", into_.limits.max_rows, many);
        in.finish();
    }

    void read_json() {
        section in = table("json");
        in.read_choice("big_integers", into_.json.big_integers, integer_styles);
        in.finish();
    }

    void read_drain() {
        section in = table("drain");
        in.read_duration("timeout", into_.drain.timeout, 0ms);
        in.read_duration("delay", into_.drain.delay, 0ms);
        in.finish();
    }

    void read_endpoints() {
        const toml_node* found = root_.find("endpoint");
        if (found && found->is != toml_node::kind::array)
            return root_.add("endpoint", "must be an array of tables: write [[endpoint]]");
        if (!found || found->items.empty())
            return root_.add("endpoint", "is missing: nothing would be served");
        into_.endpoints = app::read_endpoints(
            reading_, *found,
            {into_.limits.max_rows, into_.limits.request_timeout, db::dialect::sqlite});
    }

    void read_listeners() {
        into_.http.listen = listen_address{"127.0.0.1", 8080, true};
        into_.frames.listen = listen_address{"127.0.0.1", 9000, true};
        into_.admin.listen = listen_address{"127.0.0.1", 8081, true};
        read_listener("http", into_.http);
        read_listener("frames", into_.frames);
        read_admin();
        if (!into_.http.listen && !into_.frames.listen)
            root_.add("http", "is switched off and so is frames: nothing would be served");
    }

    void read_admin() {
        section in = table("admin");
        read_access(in, into_.admin, "PUT /debug/log-level");
        if (in.read_texts("hosts", into_.admin.hosts) &&
            !std::all_of(into_.admin.hosts.begin(), into_.admin.hosts.end(), is_host))
            in.add("hosts", R"(must be of names as in a URL, without port: "weir.example.org")");
        in.read_flag("wire_traces", into_.admin.wire_traces);
        if (into_.admin.wire_traces && into_.admin.is_public)
            in.add("wire_traces",
                   "shows what connections carry, and public says that anyone may "
                   "ask: take one of them out");
        in.finish();
    }

    void read_listener(std::string_view key, listener_config& into) {
        section in = table(key);
        read_access(in, into, first_write());
        in.finish();
    }

    // `write`: one that the listener offers; empty: it offers none.
    void read_access(section& in, listener_config& into, const std::string& write) {
        read_listen(in, into.listen);
        into.where = in.place_of("listen");
        in.read_flag("public", into.is_public);
        read_auth(reading_, in, into.auth);
        const bool asks = in.find("auth") != nullptr;
        if (into.is_public && asks)
            in.add("public", "says that anyone may write, and auth that not: take one of them out");
        if (into.listen && !into.listen->loopback && !into.is_public && !asks && !write.empty())
            in.add("listen", "offers a write (" + write +
                                 ") off loopback: that needs auth, or public = true to let anyone "
                                 "write");
    }

    // `into`: the default before, and after what is no address, so that only what was switched off
    // counts as that.
    void read_listen(section& in, std::optional<listen_address>& into) {
        std::string text = to_string(*into);
        if (in.read_text("listen", text)) {
            const auto wanted = parse_listen_address(text);
            if (!wanted && !text.empty())
                return in.add("listen", in.written("listen") +
                                            " is no address: write \"127.0.0.1:8080\", "
                                            "\"[::1]:8080\", or \"\" to switch it off");
            into = wanted;
        }
        if (into) check_free(in, *into);
    }

    // Port 0 is never the same twice.
    void check_free(section& in, const listen_address& address) {
        const std::string key = in.key_of("listen");
        for (const auto& [other, taken] : listening_)
            if (address.port != 0 && address == taken) in.add("listen", "is " + other + ", too");
        listening_.emplace_back(key, address);
    }

    // Its name or, where that is missing, its path; empty where there is none.
    std::string first_write() const {
        for (const endpoint& each : into_.endpoints)
            if (each.writes()) return each.name.empty() ? each.path : each.name;
        return {};
    }

    reading& reading_;
    toml_node empty_;
    section root_;
    std::vector<std::pair<std::string, listen_address>> listening_;
    config into_;
};

}  // namespace

namespace {

std::expected<config, problems> sound(config_reading all) {
    if (all.found.empty()) return std::move(all.read);
    return std::unexpected{std::move(all.found)};
}

}  // namespace

config_reading read_config(std::string_view text, const std::string& name,
                           const environment_variables& variables) {
    config_reading all{name};
    const auto document = read_toml(text, all.found);
    if (!document) return all;
    const std::filesystem::path file{name};
    reading reading{all.found, all.advice, all.effective, variables, file.parent_path()};
    all.read = config_reader{reading, *document, file}.read();
    return all;
}

std::expected<config, problems> parse_config(std::string_view text, const std::string& name,
                                             const environment_variables& variables) {
    return sound(read_config(text, name, variables));
}

config_reading read_config(const std::filesystem::path& file) {
    const auto text = read_text_file(file);
    if (text) return read_config(*text, file.string(), process_environment());
    config_reading none{file.string()};
    none.found.add({}, "", "cannot be read: " + text.error().message());
    return none;
}

std::expected<config, problems> load_config(const std::filesystem::path& file) {
    return sound(read_config(file));
}

}  // namespace weir::app
