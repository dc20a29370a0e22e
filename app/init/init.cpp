#include "app/init/init.hpp"

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <unistd.h>

#include "weir/base/utf8.hpp"
#include "weir/db/database.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/or_return.hpp"

#include "app/api/example_call.hpp"
#include "app/command.hpp"
#include "app/config/config.hpp"
#include "app/config/environment.hpp"
#include "app/init/catalogue.hpp"
#include "app/init/config_text.hpp"

namespace weir::app {

namespace {

namespace fs = std::filesystem;

task<result<catalogue>> catalogue_of(db::database& database) {
    auto session = co_await or_return(database.session());
    auto reading = read_catalogue(database, std::move(session));
    co_return co_await std::move(reading);
}

task<> keep_catalogue(db::database& database, result<catalogue>* into) {
    *into = co_await catalogue_of(database);
}

result<catalogue> look_into(const std::string& url) {
    if (!is_utf8(url)) return fail(errc::invalid_argument, "the file's name is not UTF-8");
    io::runtime_options one_loop;
    one_loop.loops = 1;
    io::runtime runtime{one_loop};
    db::database_options options;
    options.read_only = true;
    options.connections.max_size = 1;
    auto database = db::database::open(url, runtime.blocking(), options);
    if (!database) return fail(std::move(database.error()));
    result<catalogue> all;
    runtime.run(keep_catalogue(*database, &all));
    return all;
}

bool is_standard_output(const std::string& output) { return output == "-"; }

// A configuration's relative names begin in its own folder, and the command's in the current one.
std::string url_from(const std::string& url, const std::string& output) {
    const std::string scheme = "sqlite:";
    const bool is_here = is_standard_output(output) || !fs::path{output}.has_parent_path();
    const fs::path file{url.substr(scheme.size())};
    if (is_here || file.is_absolute()) return url;
    return scheme + fs::absolute(file).lexically_normal().string();
}

// In the middle of a line of TOML.
bool fits_a_comment(const std::string& text) {
    return is_utf8(text) &&
           std::ranges::none_of(text, [](unsigned char c) { return c < ' ' || c == 0x7F; });
}

// The line by which editors find the keys, where their schema is installed with this program.
std::string schema_line() {
    std::error_code unreadable;
    const fs::path program = fs::read_symlink("/proc/self/exe", unreadable);
    const fs::path prefix = program.parent_path().parent_path();
    const fs::path schema = prefix / "share/weir/config.schema.json";
    if (!fs::is_regular_file(schema, unreadable) || !fits_a_comment(schema.string())) return {};
    return "#:schema " + schema.string() + '\n';
}

struct closer {
    void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};

result<> write_new(const std::string& file, const std::string& text) {
    std::unique_ptr<std::FILE, closer> open{std::fopen(file.c_str(), "wxe")};
    if (!open && errno == EEXIST)
        return fail(errc::conflict, "it is there already; --output names another");
    if (!open) return fail(error::from_errno(errno, "open"));
    const bool written = std::fwrite(text.data(), 1, text.size(), open.get()) == text.size();
    if (written && std::fclose(open.release()) == 0) return {};
    const int why = errno;
    std::error_code ignored;
    fs::remove(file, ignored);  // half of it would pass for the whole
    return fail(error::from_errno(why, "write"));
}

bool is_exemplary(const endpoint& of) {
    for (const parameter& each : of.parameters)
        if (each.from == parameter_source::path && each.example.index() == 0) return false;
    return !of.parameters.empty() && of.parameters[0].from == parameter_source::path;
}

// Two that answer with rows: a table's first ones, and one of them by its key, where there is a
// table with rows that can be named.
std::vector<std::string> targets_to_try(const config& read) {
    const endpoint* list = nullptr;
    for (const endpoint& each : read.endpoints) {
        if (each.path == each.segments.shape()) list = &each;
        if (list != nullptr && is_exemplary(each))
            return {list->path + "?limit=3", example_call{each}.target};
    }
    return {read.endpoints[0].path + "?limit=3", "/"};
}

// See leave_root(): what is written here names nobody.
bool would_serve_as_root() {
    return ::geteuid() == 0 && process_environment()("SUDO_USER").value_or("").empty();
}

void tell_what_is_next(const init_command& command, const catalogue& all, const config& read) {
    const bool piped = is_standard_output(command.output);
    std::FILE* const to = piped ? stderr : stdout;
    const std::string file = piped ? "weir.toml" : command.output;
    fmt::print(to, "{}: {} tables and views, {} endpoints. Next:\n\n", file, all.relations.size(),
               read.endpoints.size());
    fmt::print(to, "    {} serve {}\n", command.program, file);
    for (const std::string& each : targets_to_try(read))
        fmt::print(to, "    curl 'http://{}{}'\n", to_string(*read.http.listen), each);
    if (would_serve_as_root())
        fmt::print(
            to,
            "\nIt never serves as root: call it as a user who may read the database and write\n"
            "beside it, or name one in {}, above [database]: service.user = \"...\"\n",
            file);
}

int refuse(const std::string& what, const std::string& why) {
    fmt::print(stderr, "weir: {}: {}\n", what, why);
    return exit_failed;
}

}  // namespace

int init(const init_command& command) {
    const auto all = look_into(command.url);
    if (!all) return refuse("init", all.error().message());
    for (const left_out& each : all->others)
        fmt::print(stderr, "left out: {}: {}\n", each.name, each.why);
    if (all->relations.empty()) return refuse(command.url, "there is no table or view to serve");
    const std::string text =
        schema_line() + config_text(url_from(command.url, command.output), *all);
    const auto read = parse_config(text, command.output);
    if (!read) return refuse("init wrote what it cannot read itself", read.error().text());
    if (is_standard_output(command.output)) {
        fmt::print("{}", text);
    } else if (auto written = write_new(command.output, text); !written) {
        return refuse(command.output, written.error().message());
    }
    tell_what_is_next(command, *all, *read);
    return exit_fine;
}

}  // namespace weir::app
