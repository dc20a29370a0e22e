#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

#include <fmt/format.h>
#include <unistd.h>

#include "weir/http/field.hpp"
#include "weir/io/runtime.hpp"

#include "app/config/caller_token.hpp"
#include "app/config/interrupt.hpp"
#include "app/config/units.hpp"
#include "app/load/frame_script.hpp"
#include "app/load/http_script.hpp"
#include "app/load/load_report.hpp"
#include "app/load/load_run.hpp"
#include "app/load/load_words.hpp"
#include "app/load/progress.hpp"
#include "app/load/raw_frame_script.hpp"

namespace weir::app {
namespace {

constexpr int exit_ran = 0;
constexpr int exit_nothing_answered = 1;
constexpr int exit_usage = 2;

constexpr double highest_rate = 1e8;
constexpr std::size_t most_connections = 65'000;
constexpr std::size_t deepest = 1'024;

std::unexpected<error> wrong(std::string text) {
    return fail(error{errc::invalid_argument, std::move(text)});
}

result<std::string> read_file(const std::string& name) {
    std::ifstream file{name, std::ios::binary};
    if (!file) return wrong(fmt::format("{}: cannot be read", name));
    return std::string{std::istreambuf_iterator<char>{file}, {}};
}

result<> take_duration(std::string_view name, std::string_view text, duration& into) {
    const auto read = parse_duration(text);
    if (!read)
        return wrong(fmt::format("--{}: {} is no duration, such as 500ms, 10s, 2m", name, text));
    into = *read;
    return {};
}

result<> take_durations(const load_words& words, load_options& options) {
    auto taken = take_duration("duration", words.length, options.length);
    if (taken) taken = take_duration("warm-up", words.warm_up, options.warm_up);
    if (taken) taken = take_duration("timeout", words.timeout, options.timeout);
    return taken;
}

result<load_options> options_of(const load_words& words) {
    load_options options;
    options.rate = words.rate;
    options.connections = words.connections;
    options.depth = words.depth;
    if (auto taken = take_durations(words, options); !taken) return fail(std::move(taken).error());
    // What is no number is not within them either.
    const bool possible = options.rate >= 0 && options.rate <= highest_rate;
    if (!possible) return wrong("--rate: 0 to 100000000");
    if (options.connections < 1 || options.connections > most_connections)
        return wrong("--connections: 1 to 65000");
    if (options.depth < 1 || options.depth > deepest) return wrong("--depth: 1 to 1024");
    if (options.length <= duration::zero() || options.timeout <= duration::zero())
        return wrong("--duration and --timeout are above zero");
    return options;
}

result<std::string> token_of(const load_words& words) {
    return read_caller_token(words.token_file, process_environment());
}

bool names_authorization(const std::vector<std::string>& fields) noexcept {
    return std::ranges::any_of(fields, [](const std::string& field) {
        return http::equals_ignoring_case(field.substr(0, field.find(':')), "Authorization");
    });
}

// What is said, and, in the options, to whom.
result<std::unique_ptr<script>> http_script_of(const load_words& words, load_options& options) {
    http_request_words request;
    request.url = words.target;
    request.method = words.method;
    request.fields = words.fields;
    request.body = words.body;
    auto token = token_of(words);
    if (!token) return fail(std::move(token).error());
    if (!token->empty() && !names_authorization(words.fields))
        request.fields.push_back("Authorization: Bearer " + *token);
    if (!words.body_file.empty()) {
        auto body = read_file(words.body_file);
        if (!body) return fail(std::move(body).error());
        request.body = std::move(*body);
    }
    auto made = http_script::read(request);
    if (!made) return fail(std::move(made).error());
    options.to = (*made)->to();
    return std::unique_ptr<script>{std::move(*made)};
}

result<std::unique_ptr<script>> frame_script_of(const load_words& words, load_options& options) {
    auto to = io::endpoint::parse(words.target);
    if (!to) return wrong(fmt::format("{}: a numeric address and a port", words.target));
    options.to = std::move(*to);
    if (words.raw_frame_bytes > 0) {
        auto made = raw_frame_script::make(words.target, words.raw_frame_bytes);
        if (!made) return fail(std::move(made).error());
        return std::unique_ptr<script>{std::move(*made)};
    }
    if (words.call.empty()) return wrong("--frames: the name of an endpoint is missing");
    frame_script::words said;
    said.to = words.target;
    said.call = words.call.front();
    said.params.assign(words.call.begin() + 1, words.call.end());
    auto token = token_of(words);
    if (!token) return fail(std::move(token).error());
    said.token = std::move(*token);
    auto made = frame_script::make(said, options.depth);
    if (!made) return fail(std::move(made).error());
    return std::unique_ptr<script>{std::move(*made)};
}

result<std::unique_ptr<script>> script_of(const load_words& words, load_options& options) {
    if (words.frames || words.raw_frame_bytes > 0) return frame_script_of(words, options);
    if (!words.call.empty())
        return wrong(fmt::format("{}: only with --frames", words.call.front()));
    return http_script_of(words, options);
}

// What cannot be compared with is told before the load, not after it.
result<std::optional<load_baseline>> baseline_of(const load_words& words) {
    if (words.compare.empty()) return std::nullopt;
    auto text = read_file(words.compare);
    if (!text) return fail(std::move(text).error());
    auto read = read_baseline(*text);
    if (!read) return wrong(fmt::format("{}: {}", words.compare, read.error().message()));
    return std::move(*read);
}

// It is gone again: a load that is killed leaves no file without a result.
bool can_create(const std::string& name) {
    if (!std::ofstream{name, std::ios::app}) return false;
    std::error_code ignored;
    // Behind a link it is the file that was made, not the link.
    std::filesystem::remove(std::filesystem::canonical(name, ignored), ignored);
    return true;
}

// Likewise a file that the result cannot be written to.
result<> check_writable(const std::string& name) {
    if (name.empty() || name == "-") return {};
    std::error_code ignored;
    const auto there = std::filesystem::status(name, ignored);
    const bool writable = std::filesystem::exists(there)
                              ? !is_directory(there) && ::access(name.c_str(), W_OK) == 0
                              : can_create(name);
    if (!writable) return wrong(fmt::format("{}: cannot be written", name));
    return {};
}

load_report carry_out(script& said, const load_options& options, const load_words& words) {
    io::runtime_options loops;
    loops.loops = 1;
    loops.engine = io::parse_engine_kind(words.engine).value_or(io::engine_kind::automatic);
    // Each connection that reads holds a slab.
    loops.slabs = std::max<std::size_t>(loops.slabs, 2 * options.connections);
    io::runtime runtime{loops};
    interrupt ctrl_c;
    progress line{options, !words.quiet};
    cpu_time used;
    bool began = false;
    load_run run{runtime.at(0), options, said};
    const auto watch = [&](const load_moment& now) {
        line.show(now);
        return !ctrl_c.came();
    };
    const auto boundary = [&] {
        used = began ? cpu_time::now() - used : cpu_time::now();
        began = true;
    };
    runtime.run(run.carry_out(watch, boundary));
    line.clear();
    return {std::string{said.title()}, options, run.counted(), run.measured(), used};
}

bool write_json(const load_report& report, const std::string& to) {
    const std::string text = report.json();
    if (to == "-") {
        fmt::print("{}", text);
        return true;
    }
    std::ofstream file{to, std::ios::binary | std::ios::trunc};
    file << text;
    file.close();
    if (!file) fmt::print(stderr, "weir: {}: cannot be written\n", to);
    return file.good();
}

int told(const error& why) {
    fmt::print(stderr, "weir load: {}\n", why.message());
    return exit_usage;
}

}  // namespace

int load(const load_words& words) {
    auto options = options_of(words);
    if (!options) return told(options.error());
    if (auto engine = io::parse_engine_kind(words.engine); !engine) return told(engine.error());
    const auto said = script_of(words, *options);
    if (!said) return told(said.error());
    const auto before = baseline_of(words);
    if (!before) return told(before.error());
    if (auto writable = check_writable(words.json); !writable) return told(writable.error());
    const load_report report = carry_out(**said, *options, words);
    std::FILE* const people = words.json == "-" ? stderr : stdout;
    if (!words.quiet) fmt::print(people, "{}", report.text());
    if (*before) fmt::print(people, "{}", compare(report, **before));
    if (!words.json.empty() && !write_json(report, words.json)) return exit_usage;
    return report.counted.good() > 0 ? exit_ran : exit_nothing_answered;
}

}  // namespace weir::app
