// What other projects' test suites feed their parsers, fed to this one: it never crashes, says the
// same at every split, and differs from their verdicts only where corpus_differences.hpp says why.
#include "corpus.hpp"

#include <algorithm>
#include <array>
#include <fstream>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "client_side.hpp"
#include "conversation.hpp"
#include "conversation_driver.hpp"
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

using differences = std::span<const corpus_difference>;

std::size_t find_difference(differences table, const corpus_entry& entry) {
    const auto found = std::ranges::find_if(table, [&](const corpus_difference& each) {
        return each.source == entry.source && ends_with_path(entry.file, each.file) &&
               each.name == entry.name && each.mode == entry.mode;
    });
    return static_cast<std::size_t>(found - table.begin());
}

// A reason names what a client's fault is answered with; the same fault of a server is 502.
bool may_come_to(const corpus_reason& why, std::string_view said) {
    constexpr std::string_view of_a_server = "502";
    return std::ranges::any_of(why.verdicts, [&](std::string_view verdict) {
        return verdict == said || (said.starts_with(of_a_server) &&
                                   verdict.ends_with(said.substr(of_a_server.size())));
    });
}

// Of its rows each is to be met.
class listed {
public:
    explicit listed(differences table) : table_{table} {}

    void expect_exactly_where(bool is, const corpus_entry& entry, const std::string& said) {
        const std::size_t at = find_difference(table_, entry);
        const bool has = at != table_.size();
        EXPECT_EQ(is, has) << "here: " << said << "; there: " << entry.verdict << ' '
                           << entry.reason;
        if (!has) return;
        met_.insert(at);
        EXPECT_TRUE(may_come_to(table_[at].why, said))
            << said << " is not: " << table_[at].why.text;
    }
    void expect_all_met() const {
        for (std::size_t at = 0; at < table_.size(); ++at)
            EXPECT_TRUE(met_.contains(at)) << "not met: " << table_[at].name;
    }

private:
    differences table_;
    std::set<std::size_t> met_;
};

template <class Judge>
void compare(const std::vector<corpus_entry>& entries, listed differing, listed unfinished,
             Judge judge) {
    for (const corpus_entry& entry : entries) {
        SCOPED_TRACE(entry.source + ' ' + entry.file + " | " + entry.name + " | " + entry.mode);
        const std::string said = judge(entry);
        const bool accepted = accepted_there(entry);
        differing.expect_exactly_where(accepted_here(said) != accepted, entry, said);
        unfinished.expect_exactly_where(accepted && said == "premature", entry, said);
    }
    differing.expect_all_met();
    unfinished.expect_all_met();
}

// With one space for each break of its lines.
std::string readme() {
    std::ifstream file{WEIR_SOURCE_DIR "/src/http/README.md"};
    std::string text;
    for (std::string line; std::getline(file, line); text += ' ')
        text += line.substr(std::min(line.size(), line.find_first_not_of(' ')));
    return text;
}

// So many of the differences are of our own choice.
std::size_t count_ours(differences table) {
    const std::string choices = readme();
    std::size_t ours = 0;
    for (const corpus_difference& each : table) {
        if (each.why.who != decided_by::us) continue;
        ++ours;
        EXPECT_NE(choices.find(each.why.text), std::string::npos) << each.why.text;
    }
    return ours;
}

// One more is one where BEHAVIOUR.md is silent, and has to be meant.
TEST(corpus, differs_by_our_own_choice_only_where_the_readme_states_it) {
    EXPECT_EQ(count_ours(corpus_table::requests), 47U);
    EXPECT_EQ(count_ours(corpus_table::responses), 11U);
}

// The rows of its tables. Nothing where it is absent.
std::optional<std::string> behaviour_rows() {
    std::ifstream file{WEIR_SOURCE_DIR "/../shared/BEHAVIOUR.md"};
    if (!file) return std::nullopt;
    std::string rows;
    for (std::string line; std::getline(file, line);)
        if (line.starts_with('|')) (rows += line) += '\n';
    return rows;
}

void expect_quotes(differences table, const std::string& rows) {
    for (const corpus_difference& each : table) {
        if (each.why.who != decided_by::behaviour) continue;
        EXPECT_NE(rows.find(each.why.text), std::string::npos) << each.why.text;
    }
}

TEST(corpus, is_decided_by_behaviour_only_in_words_that_stand_there) {
    const auto rows = behaviour_rows();
    if (!rows) GTEST_SKIP() << "there is no ../shared/BEHAVIOUR.md next to the sources";
    expect_quotes(corpus_table::requests, *rows);
    expect_quotes(corpus_table::responses, *rows);
    expect_quotes(corpus_table::unfinished_requests, *rows);
    expect_quotes(corpus_table::unfinished_responses, *rows);
}

constexpr const char* absent = "there is no http1.jsonl: set WEIR_CORPORA to its folder";

TEST(corpus, has_requests_read_alike_at_every_split_and_no_unexplained_verdict) {
    const auto entries = read_corpus("request");
    if (!entries) GTEST_SKIP() << absent;
    EXPECT_EQ(entries->size(), 462U);
    compare(*entries, listed{corpus_table::requests}, listed{corpus_table::unfinished_requests},
            judge);
}

// As many as there are were asked for, by GET. "premature" is one that has begun.
std::string judge_response(const corpus_entry& entry) {
    const std::vector<method> asked(10, method::get);
    const limits bounds;
    const std::string said =
        converse_at_every_split_in(entry.bytes, [&] { return client_side{bounds, asked}; });
    const std::size_t rejection = said.find("reject ");
    if (rejection != std::string::npos)
        return said.substr(rejection + 7, said.rfind(" at ") - rejection - 7);
    const bool ended = said.ends_with("end\npremature\n") || !said.ends_with("premature\n");
    return ended ? "read" : "premature";
}

TEST(corpus, has_responses_read_alike_at_every_split_and_no_unexplained_verdict) {
    const auto entries = read_corpus("response");
    if (!entries) GTEST_SKIP() << absent;
    EXPECT_EQ(entries->size(), 85U);
    compare(*entries, listed{corpus_table::responses}, listed{corpus_table::unfinished_responses},
            judge_response);
}

}  // namespace
}  // namespace weir::inline v0::http
