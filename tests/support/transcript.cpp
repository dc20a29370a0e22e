#include "support/transcript.hpp"

#include <algorithm>
#include <fstream>
#include <stdexcept>
#include <string_view>

#include "weir/base/version.hpp"

namespace weir::inline v0 {

namespace {

using kind = transcript_step::kind;

std::string bytes_of(std::string_view hex) {
    std::string bytes;
    for (std::size_t at = 0; at + 1 < hex.size(); at += 3)
        bytes += static_cast<char>(std::stoi(std::string{hex.substr(at, 2)}, nullptr, 16));
    return bytes;
}

std::string with_version(std::string text) {
    constexpr std::string_view placeholder = "${version}";
    const std::size_t at = text.find(placeholder);
    return at == std::string::npos ? text : text.replace(at, placeholder.size(), weir::version);
}

transcript_step step_of(const std::string& line, std::size_t number) {
    const auto is = [&](std::string_view word) { return line == word; };
    if (line.starts_with("C: ")) return {kind::client_frame, line.substr(3), number};
    if (line.starts_with("C= ")) return {kind::client_bytes, bytes_of(line.substr(3)), number};
    if (line.starts_with("S: ")) return {kind::server_frame, with_version(line.substr(3)), number};
    if (line.starts_with("token: ")) return {kind::token, line.substr(7), number};
    if (line.starts_with("write token: ")) return {kind::write_token, line.substr(13), number};
    if (is("C ends")) return {kind::client_ends, {}, number};
    if (is("S ends")) return {kind::server_ends, {}, number};
    if (is("drain")) return {kind::drain, {}, number};
    if (is("idle")) return {kind::idle, {}, number};
    if (is("disk fails")) return {kind::disk_fails, {}, number};
    throw std::runtime_error{"line " + std::to_string(number) +
                             " is none of a transcript: " + line};
}

}  // namespace

transcript read_transcript(const std::filesystem::path& file) {
    std::ifstream text{file};
    if (!text) throw std::runtime_error{"cannot read " + file.string()};
    transcript steps;
    std::size_t number = 0;
    for (std::string line; std::getline(text, line);) {
        ++number;
        if (!line.empty() && !line.starts_with('#')) steps.push_back(step_of(line, number));
    }
    return steps;
}

std::vector<std::filesystem::path> all_transcripts() {
    std::vector<std::filesystem::path> files;
    for (const auto& each : std::filesystem::directory_iterator{WEIR_SOURCE_DIR "/docs/protocol"})
        if (each.path().extension() == ".transcript") files.push_back(each.path());
    std::ranges::sort(files);
    return files;
}

}  // namespace weir::inline v0
