#include <algorithm>

#include "app/call/row_reader.hpp"

namespace weir::app {
namespace {

std::vector<std::string_view> words_of(std::string_view line) {
    std::vector<std::string_view> words;
    while (true) {
        const auto begin = line.find_first_not_of(" \t\r");
        if (begin == std::string_view::npos) return words;
        const auto end = std::min(line.find_first_of(" \t\r", begin), line.size());
        words.push_back(line.substr(begin, end - begin));
        line.remove_prefix(end);
    }
}

// ip-neighbour(8): ADDRESS dev NAME lladdr ADDRESS [FLAG...] STATE
class neigh_rows final : public row_reader {
public:
    result<std::optional<row>> take(std::string_view line) override {
        const auto words = words_of(line);
        if (words.empty()) return std::nullopt;
        row made;
        made.columns.emplace_back("address", std::string{words.front()});
        bool known = false;
        for (std::size_t at = 1; at + 1 < words.size(); ++at) {
            if (words[at] != "dev" && words[at] != "lladdr") continue;
            known = known || words[at] == "lladdr";
            made.columns.emplace_back(words[at], std::string{words[at + 1]});
            ++at;
        }
        if (made.columns.size() == 1) return fail(errc::malformed, "this is no line of ip neigh");
        if (!known) return std::nullopt;
        made.columns.emplace_back("state", std::string{words.back()});
        return made;
    }
};

}  // namespace

std::unique_ptr<row_reader> make_neigh_reader() { return std::make_unique<neigh_rows>(); }

}  // namespace weir::app
