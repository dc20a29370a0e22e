#include "app/call/call.hpp"

#include <charconv>
#include <cstdio>
#include <stdexcept>

#include <fmt/format.h>
#include <unistd.h>

#include "app/call/param_word.hpp"
#include "app/call/pretty_json.hpp"
#include "app/command.hpp"

namespace weir::app {
namespace {

std::vector<param_word> words_of(const std::vector<std::string>& written) {
    std::vector<param_word> words;
    for (const std::string& each : written) {
        auto word = param_word::parse(each);
        if (!word) throw std::invalid_argument{word.error().message()};
        words.push_back(std::move(*word));
    }
    return words;
}

// What was given as a text may have been meant as a number or a flag.
std::string hint_for(const error& why, const std::vector<param_word>& words) {
    if (why != errc::invalid_argument) return {};
    for (const param_word& word : words) {
        frame::call_params tried;
        tried.json(word.name(), word.value());
        if (!word.is_json() && tried.valid() && why.text().starts_with(word.name() + " must be"))
            return fmt::format(" (write {}:={} for what is no text)", word.name(), word.value());
    }
    return {};
}

task<int> call_once(frame::client& client, call_command command, std::vector<param_word> words) {
    frame::call_params params;
    for (const param_word& word : words) word.add_to(params);
    frame::call_options options;
    options.timeout = command.timeout;
    const auto outcome = co_await client.call(command.name, std::move(params), options);
    if (!outcome) {
        const error& why = outcome.error();
        fmt::print(stderr, "weir: {}: {}: {}{}\n", command.name, to_string(why.code()),
                   why.message(), hint_for(why, words));
        co_return exit_failed;
    }
    const bool terminal = ::isatty(STDOUT_FILENO) == 1;
    fmt::print("{}\n", terminal ? pretty_json(outcome->json()) : std::string{outcome->json()});
    co_return exit_fine;
}

}  // namespace

int call(const call_command& command) {
    const auto words = words_of(command.params);
    return with_client(command.caller, [&](io::runtime&, frame::client& client) {
        return call_once(client, command, words);
    });
}

}  // namespace weir::app
