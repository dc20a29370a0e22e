// The command line of `weir`.

#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "weir/base/version.hpp"
#include "weir/db/memory_counts.hpp"

#include "app/call/call.hpp"
#include "app/command.hpp"
#include "app/config/caller_token.hpp"
#include "app/config/units.hpp"
#include "app/init/init.hpp"
#include "app/load/load_words.hpp"

namespace {

using namespace weir;

// CLI11 has codes of its own for each way to write a command line wrongly.
int told(CLI::App& line, const CLI::ParseError& why) {
    return line.exit(why) == 0 ? app::exit_fine : app::exit_configuration;
}

void add_time(CLI::App& to, const char* name, duration& into, const char* about) {
    const auto read = [&into, name](const std::string& text) {
        const auto parsed = app::parse_duration(text);
        if (!parsed) throw CLI::ValidationError{name, "write 500ms, 30s, 10m or 2h"};
        into = *parsed;
    };
    to.add_option_function<std::string>(name, read, about)->default_str(app::to_string(into));
}

// Never the token itself: everybody may read a command line.
void add_token(CLI::App& to, std::string& file) {
    to.add_option("--token-file", file,
                  fmt::format("A file that holds the token to call with; else ${} is it",
                              app::token_variable));
}

void add_caller(CLI::App& to, app::caller_options& into) {
    to.add_option("--to", into.to, "HOST:PORT or unix:PATH; several are tried in order")
        ->allow_extra_args(false)
        ->capture_default_str();
    add_token(to, into.token_file);
}

// `weir call` and its `ingest`.
CLI::App& add_call(CLI::App& line, app::call_command& once) {
    CLI::App& call = *line.add_subcommand("call", "Call an endpoint over frames");
    add_caller(call, once.caller);
    add_time(call, "--timeout", once.timeout, "Longest wait for the answer");
    call.add_option("name", once.name, "The endpoint's name");
    call.add_option("params", once.params, "name=text, or name:=JSON");
    return call;
}

CLI::App& add_ingest(CLI::App& call, app::ingest_command& many) {
    CLI::App& ingest =
        *call.add_subcommand("ingest", "Call an endpoint for each row of standard input");
    add_caller(ingest, many.caller);
    ingest.add_option("--call", many.call, "The endpoint's name")->capture_default_str();
    ingest.add_option("--map", many.map, "column=param, and column:=param for what is no text")
        ->allow_extra_args(false);
    ingest.add_option("--format", many.format, "auto, json, csv or neigh")->capture_default_str();
    ingest.add_option("--key", many.key, "The parameter that is unique to a row; \"\": none")
        ->capture_default_str();
    ingest.add_option("--run", many.run, "What keys begin with, to send the same input again");
    ingest.add_option("--in-flight", many.caller.in_flight, "Rows sent and not acknowledged")
        ->capture_default_str()
        ->check(CLI::Range(1, 65536));
    add_time(ingest, "--patience", many.patience, "How long one row is tried");
    ingest.add_option("params", many.params, "For every row: name=text, or name:=JSON");
    return ingest;
}

CLI::App& add_load(CLI::App& line, app::load_words& words) {
    CLI::App& load =
        *line.add_subcommand("load", "Generate load for one target, and tell how fast it answers");
    load.add_option("target", words.target, "http://ADDRESS:PORT/PATH; with --frames ADDRESS:PORT")
        ->required();
    load.add_option("call", words.call, "With --frames: an endpoint, then name=text or name:=JSON");
    load.add_flag("--frames", words.frames, "Call an endpoint over length-prefixed frames");
    load.add_option("--raw-frame-bytes", words.raw_frame_bytes,
                    "Send frames of so many bytes, to a service that sends them back");
    load.add_option("-X,--method", words.method, "GET, or POST where there is a body");
    load.add_option("-H,--header", words.fields, "\"Name: value\"; may be given again")
        ->allow_extra_args(false);
    CLI::Option& body = *load.add_option("--body", words.body, "What each request carries");
    load.add_option("--body-file", words.body_file, "The same, from a file")->excludes(&body);
    add_token(load, words.token_file);
    load.add_option("-r,--rate", words.rate,
                    "Requests a second, sent when they are due (open loop); without it each "
                    "connection sends the next one when one is answered (closed loop)");
    load.add_option("-c,--connections", words.connections, "How many")->capture_default_str();
    load.add_option("--depth", words.depth, "Requests in flight on each")->capture_default_str();
    load.add_option("-d,--duration", words.length, "How long is measured")->capture_default_str();
    load.add_option("--warm-up", words.warm_up, "Before anything counts")->capture_default_str();
    load.add_option("--timeout", words.timeout, "Of connecting, and of a request")
        ->capture_default_str();
    load.add_option("--engine", words.engine, "auto, uring or epoll")->capture_default_str();
    load.add_option("--json", words.json, "Write the result to a file, or to - for the output");
    load.add_option("--compare", words.compare, "Print ratios with an earlier --json file");
    load.add_flag("-q,--quiet", words.quiet, "No progress and no summary");
    return load;
}

CLI::App& add_serve(CLI::App& line, app::serve_command& command) {
    CLI::App& serve = *line.add_subcommand("serve", "Serve what a configuration file says");
    serve.add_option("config", command.file, "The configuration")->capture_default_str();
    serve.add_flag("--takeover", command.takeover,
                   "Take the listening sockets over from whoever serves now, which then drains");
    return serve;
}

CLI::App& add_init(CLI::App& line, app::init_command& command) {
    CLI::App& init = *line.add_subcommand("init", "Write a configuration for a database's tables");
    init.add_option("url", command.url, "sqlite:FILE; it is only read")->required();
    init.add_option("-o,--output", command.output, "A file that is not there yet, or -")
        ->capture_default_str();
    return init;
}

int run(int count, char** words) {
    CLI::App line{"Weir: a database on the network, over HTTP/JSON and length-prefixed frames."};
    line.name("weir");
    line.require_subcommand(1);
    line.set_version_flag("--version", fmt::format("weir {} ({})", version, compiler));

    app::serve_command serve_command;
    const CLI::App& serve = add_serve(line, serve_command);
    std::string file;
    CLI::App& check = *line.add_subcommand("check", "Tell everything wrong with a configuration");
    check.add_option("config", file, "The configuration")->required();
    app::init_command init_command;
    init_command.program = words[0];
    const CLI::App& init = add_init(line, init_command);
    app::call_command once;
    app::ingest_command many;
    CLI::App& call = add_call(line, once);
    CLI::App& ingest = add_ingest(call, many);
    app::load_words load_words;
    const CLI::App& load = add_load(line, load_words);
    try {
        line.parse(count, words);
        if (call.parsed() && !ingest.parsed() && once.name.empty())
            throw CLI::RequiredError{"name"};
    } catch (const CLI::ParseError& why) {
        return told(line, why);
    }
    if (ingest.parsed()) return app::ingest(many);
    if (call.parsed()) return app::call(once);
    if (load.parsed()) return app::load(load_words);
    if (init.parsed()) return app::init(init_command);
    return serve.parsed() ? app::serve(serve_command) : app::check(file);
}

}  // namespace

int main(int count, char** words) {
    weir::db::switch_memory_counts_off();  // nobody here asks for them
    try {
        return run(count, words);
    } catch (const std::exception& thrown) {
        fmt::print(stderr, "weir: {}\n", thrown.what());
        return weir::app::exit_configuration;
    }
}
