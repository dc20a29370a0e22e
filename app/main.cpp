// The command line of `weir`.

#include <exception>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "weir/base/version.hpp"

#include "app/command.hpp"

namespace {

using namespace weir;

// CLI11 has codes of its own for each way to write a command line wrongly.
int told(CLI::App& line, const CLI::ParseError& why) {
    return line.exit(why) == 0 ? app::exit_fine : app::exit_configuration;
}

int run(int count, char** words) {
    CLI::App line{"Weir: a database on the network, over HTTP/JSON and length-prefixed frames."};
    line.name("weir");
    line.require_subcommand(1);
    line.set_version_flag("--version", fmt::format("weir {} ({})", version, compiler));

    std::string file = "weir.toml";
    CLI::App& serve = *line.add_subcommand("serve", "Serve what a configuration file says");
    serve.add_option("config", file, "The configuration")->capture_default_str();
    CLI::App& check = *line.add_subcommand("check", "Tell everything wrong with a configuration");
    check.add_option("config", file, "The configuration")->required();
    try {
        line.parse(count, words);
    } catch (const CLI::ParseError& why) {
        return told(line, why);
    }
    return serve.parsed() ? app::serve(file) : app::check(file);
}

}  // namespace

int main(int count, char** words) {
    try {
        return run(count, words);
    } catch (const std::exception& thrown) {
        fmt::print(stderr, "weir: {}\n", thrown.what());
        return weir::app::exit_configuration;
    }
}
