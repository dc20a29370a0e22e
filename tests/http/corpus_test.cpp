// What other projects' test suites feed their parsers, fed to this one: it never crashes, says the
// same at every split, and differs from their verdicts only where corpus_differences.hpp says why.
#include "corpus.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <string>

#include <gtest/gtest.h>

#include "conversation.hpp"
#include "corpus_differences.hpp"

namespace weir::inline v0::http {
namespace {

// http-desync-guardian has four words; the two upper ones let a request pass.
bool accepted_there(const corpus_entry& entry) {
    constexpr std::array<std::string_view, 3> words{"accept", "Compliant", "Acceptable"};
    return std::ranges::find(words, entry.verdict) != words.end();
}

bool accepted_here(const std::string& said) { return said == "read" || said == "premature"; }

// Most of the inputs leave Host out, which would hide all that is behind it.
std::string with_host(std::string input) {
    constexpr std::string_view host = "Host: a\r\n";
    for (std::size_t at = 0; (at = input.find(" HTTP/1.", at)) != std::string::npos;) {
        at = std::min(input.find("\r\n", at), input.size() - 2) + 2;
        input.insert(at, host);
    }
    return input;
}

std::string judge(const corpus_entry& entry) {
    const std::string said = verdict(entry.bytes);
    return said == "400 missing_host" ? verdict(with_host(entry.bytes)) : said;
}

// Whole names only: "valid/1" is no end of "invalid/1".
bool ends_with_path(std::string_view file, std::string_view end) {
    return file.ends_with(end) && file[file.size() - end.size() - 1] == '/';
}

std::size_t find_difference(const corpus_entry& entry) {
    const auto* const found =
        std::ranges::find_if(corpus_differences, [&](const corpus_difference& each) {
            return each.source == entry.source && ends_with_path(entry.file, each.file) &&
                   each.name == entry.name && each.mode == entry.mode;
        });
    return static_cast<std::size_t>(found - corpus_differences.begin());
}

TEST(corpus, gives_the_same_conversation_at_every_split_and_no_unexplained_verdict) {
    const auto entries = read_request_corpus();
    if (!entries) GTEST_SKIP() << "there is no http1.jsonl: set WEIR_CORPORA to its folder";
    EXPECT_GT(entries->size(), 400U);
    std::set<std::size_t> met;
    for (const corpus_entry& entry : *entries) {
        SCOPED_TRACE(entry.source + ' ' + entry.file + " | " + entry.name + " | " + entry.mode);
        const std::string said = judge(entry);
        const std::size_t at = find_difference(entry);
        const bool listed = at != corpus_differences.size();
        if (listed) met.insert(at);
        EXPECT_EQ(accepted_here(said) != accepted_there(entry), listed)
            << "here: " << said << "; there: " << entry.verdict << ' ' << entry.reason;
    }
    for (std::size_t at = 0; at < corpus_differences.size(); ++at)
        EXPECT_TRUE(met.contains(at)) << "not met: " << corpus_differences[at].name;
}

}  // namespace
}  // namespace weir::inline v0::http
