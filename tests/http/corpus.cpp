#include "corpus.hpp"

#include <cstdlib>
#include <filesystem>
#include <stdexcept>

#include <simdjson.h>

namespace weir::inline v0::http {
namespace {

std::filesystem::path corpus_path() {
    const char* const folder = std::getenv("WEIR_CORPORA");
    const std::filesystem::path root =
        folder != nullptr ? folder : WEIR_SOURCE_DIR "/../shared/corpora";
    return root / "http1.jsonl";
}

unsigned value_of(char digit) {
    constexpr std::string_view alphabet =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const std::size_t at = alphabet.find(digit);
    if (at == std::string_view::npos) throw std::runtime_error{"not base64"};
    return static_cast<unsigned>(at);
}

std::string decode_base64(std::string_view text) {
    while (text.ends_with('=')) text.remove_suffix(1);
    std::string bytes;
    unsigned bits = 0;
    unsigned held = 0;
    for (const char digit : text) {
        bits = (bits << 6 | value_of(digit)) & 0xFFFFU;
        held += 6;
        if (held < 8) continue;
        held -= 8;
        bytes += static_cast<char>(bits >> held & 0xFFU);
    }
    return bytes;
}

// Empty where the value is null.
std::string text_of(simdjson::dom::element line, std::string_view key) {
    std::string_view text;
    if (line[key].get(text) != simdjson::SUCCESS) return {};
    return std::string{text};
}

}  // namespace

std::optional<std::vector<corpus_entry>> read_corpus(std::string_view kind) {
    simdjson::dom::parser parser;
    simdjson::dom::document_stream lines;
    if (parser.load_many(corpus_path().string()).get(lines) != simdjson::SUCCESS)
        return std::nullopt;
    std::vector<corpus_entry> entries;
    for (auto line : lines) {
        const simdjson::dom::element entry = line.value();
        if (text_of(entry, "kind") != kind) continue;
        entries.push_back({.source = text_of(entry, "source"),
                           .file = text_of(entry, "file"),
                           .name = text_of(entry, "name"),
                           .mode = text_of(entry, "mode"),
                           .verdict = text_of(entry, "verdict"),
                           .reason = text_of(entry, "reason"),
                           .bytes = decode_base64(text_of(entry, "bytes"))});
    }
    return entries;
}

}  // namespace weir::inline v0::http
