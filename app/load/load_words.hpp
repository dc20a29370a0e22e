// `weir load` as it was written on the command line.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace weir::app {

struct load_words {
    std::string target;             // http://ADDRESS:PORT/PATH, with frames ADDRESS:PORT
    std::vector<std::string> call;  // with frames: an endpoint's name and its parameters
    bool frames = false;
    std::size_t raw_frame_bytes = 0;  // 0: none

    std::string method;
    std::vector<std::string> fields;
    std::string body;
    std::string body_file;
    std::string token_file;  // empty: the environment's token, where it has one

    double rate = 0;
    std::size_t connections = 16;
    std::size_t depth = 1;
    std::string length = "10s";
    std::string warm_up = "1s";
    std::string timeout = "5s";
    std::string engine = "auto";

    std::string json;     // a file, or "-" for the output; empty: none
    std::string compare;  // an earlier run's
    bool quiet = false;
};

// Generates the load and tells what came of it: 0 where it ran, 1 where nothing was answered well,
// 2 where the words make no load.
int load(const load_words& words);

}  // namespace weir::app
