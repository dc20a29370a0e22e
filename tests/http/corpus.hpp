// Inputs from other projects' test suites, read where they lie; no copy is kept here.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace weir::inline v0::http {

struct corpus_entry {
    std::string source;
    std::string file;
    std::string name;
    std::string mode;
    std::string verdict;
    std::string reason;
    std::string bytes;
};

// What http1.jsonl has of this kind, "request" or "response", in the folder that WEIR_CORPORA
// names, or else in ../shared/corpora next to the sources. Nothing where it is absent.
std::optional<std::vector<corpus_entry>> read_corpus(std::string_view kind);

}  // namespace weir::inline v0::http
