#include "app/config/config.hpp"

#include <array>
#include <utility>

#include "app/config/endpoint_reader.hpp"
#include "app/config/section.hpp"
#include "app/config/text_file.hpp"

namespace weir::app {

namespace {

using namespace std::chrono_literals;

constexpr std::array engines{choice{"auto", engine_choice::automatic},
                             choice{"uring", engine_choice::uring},
                             choice{"epoll", engine_choice::epoll}};
constexpr std::array levels{choice{"trace", log_level::trace}, choice{"debug", log_level::debug},
                            choice{"info", log_level::info},   choice{"warn", log_level::warn},
                            choice{"error", log_level::error}, choice{"off", log_level::off}};
constexpr std::array integer_styles{choice{"number", integer_style::number},
                                    choice{"string", integer_style::string}};
constexpr interval<std::int64_t> many{1, 1'000'000};

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
        in.read_count("loops", into_.service.loops, {0, 1024});
        in.read_choice("engine", into_.service.engine, engines);
        in.finish();
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
        std::string url;
        if (!wrong && in.require("url") && in.read_text("url", url)) read_url(in, url);
        in.read_count("readers", into_.database.readers, {1, 1000});
        in.read_duration("acquire_timeout", into_.database.acquire_timeout, 1ms);
        in.read_duration("busy_timeout", into_.database.busy_timeout, 0ms);
        in.read_duration("statement_timeout", into_.database.statement_timeout, 1ms);
        in.read_count("group_statements", into_.database.group_statements, {1, 100'000});
        in.read_size("group_bytes", into_.database.group_bytes, {1, 1LL << 30});
        in.finish();
    }

    // No message shows the url: there may be a password in it.
    void read_url(section& in, std::string_view url) {
        if (url.starts_with("postgresql:") || url.starts_with("postgres:"))
            return in.add("url", "PostgreSQL is not offered yet: use \"sqlite:\" and a file");
        const std::string_view scheme = "sqlite:";
        if (!url.starts_with(scheme))
            return in.add("url", "must begin with \"sqlite:\", followed by a file");
        url.remove_prefix(scheme.size());
        if (url.empty()) return in.add("url", "names no file");
        if (url.starts_with("//") && !url.starts_with("///"))
            return in.add("url", "has no host: write sqlite:file, or sqlite:/folder/file");
        if (url.starts_with(':'))
            return in.add("url", "must name a file: what is in memory, its readers cannot share");
        if (url.find_first_of(std::string_view{"?\0", 2}) != std::string_view::npos)
            return in.add("url", "must not have options behind a ?");
        into_.database.url = in.place_of("url");
        into_.database.file = (into_.file.parent_path() / url).lexically_normal();
    }

    void read_limits() {
        section in = table("limits");
        in.read_count("max_connections", into_.limits.max_connections, many);
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
        section admin = table("admin");
        read_listen(admin, into_.admin);
        admin.finish();
        if (!into_.http.listen && !into_.frames.listen)
            root_.add("http", "is switched off and so is frames: nothing would be served");
    }

    void read_listener(std::string_view key, listener_config& into) {
        section in = table(key);
        read_listen(in, into);
        in.read_flag("public", into.is_public);
        if (in.find("auth"))
            in.add("auth", "is not offered yet: listen on loopback, or say public = true");
        const std::string write = first_write();
        if (into.listen && !into.listen->loopback && !into.is_public && !write.empty())
            in.add("listen", "offers a write (" + write +
                                 ") off loopback without auth: auth is not offered yet, so "
                                 "listen on 127.0.0.1, or say public = true to let anyone write");
        in.finish();
    }

    void read_listen(section& in, listener_config& into) {
        if (std::string text; in.read_text("listen", text)) {
            into.listen = parse_listen_address(text);
            if (!into.listen && !text.empty())
                in.add("listen", in.written("listen") +
                                     " is no address: write \"127.0.0.1:8080\", \"[::1]:8080\", or "
                                     "\"\" to switch it off");
        }
        into.where = in.place_of("listen");
        if (into.listen) check_free(in, *into.listen);
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

config_reading read_text(std::string_view text, const std::string& name,
                         const environment& variables) {
    config_reading all{{}, problems{name}};
    if (const auto document = read_toml(text, all.found)) {
        reading reading{all.found, variables};
        all.read = config_reader{reading, *document, name}.read();
    }
    return all;
}

std::expected<config, problems> sound(config_reading all) {
    if (all.found.empty()) return std::move(all.read);
    return std::unexpected{std::move(all.found)};
}

}  // namespace

std::expected<config, problems> parse_config(std::string_view text, const std::string& name,
                                             const environment& variables) {
    return sound(read_text(text, name, variables));
}

config_reading read_config(const std::filesystem::path& file) {
    const auto text = read_text_file(file);
    if (text) return read_text(*text, file.string(), process_environment());
    config_reading none{{}, problems{file.string()}};
    none.found.add({}, "", "cannot be read: " + text.error().message());
    return none;
}

std::expected<config, problems> load_config(const std::filesystem::path& file) {
    return sound(read_config(file));
}

}  // namespace weir::app
