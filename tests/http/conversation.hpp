// Feeds a request machine the way a connection does, and writes down what it answers. The same
// bytes must give the same conversation however they are cut; every test of the machine says so.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "weir/http/limits.hpp"

namespace weir::inline v0::http {

// One line an event, body pieces joined:
//     head GET /path HTTP/1.1 host=a fields=1 length=3
//     body abc
//     end
//     reject 400 bare_line_feed at 21
// and at last how the end of the stream was taken: clean, premature or, when nothing more was read,
// closed.
std::string converse(const std::vector<std::string_view>& pieces, const limits& bounds = {});

// As converse(), for the whole input, byte by byte, and at every split in two (where the build is
// no Release, an input over 1,000 bytes at 150 and at the last hundred); fails the test where they
// differ, and where the plain reader reads the input in another way. Answers what the whole input
// gave.
std::string converse_at_every_split(std::string_view input, const limits& bounds = {});

// What converse_at_every_split comes to: "read", "premature", or a rejection without its place,
// "400 bare_line_feed".
std::string verdict(std::string_view input, const limits& bounds = {});

}  // namespace weir::inline v0::http
