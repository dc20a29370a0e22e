// What is typed and what is read in, on its way to parameters.
#include <gtest/gtest.h>

#include "app/call/column_map.hpp"
#include "app/call/ingest_tally.hpp"
#include "app/call/line_splitter.hpp"
#include "app/call/param_word.hpp"
#include "app/call/pretty_json.hpp"
#include "app/call/row_reader.hpp"

namespace weir::app {
namespace {

std::string params_of(std::vector<std::string> words) {
    frame::call_params params;
    for (const std::string& word : words) param_word::parse(word)->add_to(params);
    return std::string{params.json()};
}

// The rows of all lines as parameters, and "! why" for what is none.
std::vector<std::string> rows_of(std::string_view format, const std::vector<std::string>& lines,
                                 const column_map& columns = {{}, {}}) {
    const auto reader = make_row_reader(format);
    std::vector<std::string> rows;
    for (const std::string& line : lines) {
        const auto row = reader->take(line);
        if (!row) rows.push_back("! " + row.error().message());
        if (!row || !*row) continue;
        const auto mapped = columns.map(**row);
        rows.push_back(mapped ? std::string{mapped->params.json()}
                              : "! " + mapped.error().message());
    }
    if (const auto ended = reader->finish(); !ended) rows.push_back("! " + ended.error().message());
    return rows;
}

using texts = std::vector<std::string>;

TEST(param_word, is_a_text_or_json) {
    EXPECT_EQ(params_of({"place=desk", "n:=3", "prefix=080030", "empty=", "url=a=b:=c"}),
              R"({"place":"desk","n":3,"prefix":"080030","empty":"","url":"a=b:=c"})");
    for (const char* bad : {"place", "=desk", ":=3", "n:=", "n:=three", "n:=1,\"m\":2", "n=\xFF"})
        EXPECT_EQ(param_word::parse(bad).error(), errc::invalid_argument) << bad;
}

TEST(pretty_json, puts_a_member_on_a_line_and_leaves_strings_alone) {
    EXPECT_EQ(
        pretty_json(R"({"rows":[{"a":"x:{[,\"","b":[]}, {}],"n":-1.5e3})"),
        "{\n  \"rows\": [\n    {\n      \"a\": \"x:{[,\\\"\",\n      \"b\": []\n    },\n    {}\n"
        "  ],\n  \"n\": -1.5e3\n}");
    EXPECT_EQ(pretty_json("{ }"), "{}");
}

TEST(row_reader, knows_a_form_by_its_first_line) {
    EXPECT_EQ(format_of(" {\"mac\":1}"), "json");
    EXPECT_EQ(format_of("mac,place"), "csv");
    EXPECT_EQ(format_of("10.0.0.1 dev eth0 lladdr 00:00:00:00:00:01 REACHABLE"), "neigh");
    EXPECT_EQ(make_row_reader("xml"), nullptr);
}

TEST(row_reader, reads_lines_of_json) {
    EXPECT_EQ(rows_of("json", {R"({"a":"x","b":1,"c":0.5,"d":true,"e":null})", "", " \r", "{",
                               R"({"a":[1]})", "7"}),
              (texts{R"({"a":"x","b":1,"c":0.5,"d":true,"e":null})", "! this is no JSON",
                     "! a is an object or an array", "! the JSON must be an object"}));
}

TEST(row_reader, reads_csv) {
    EXPECT_EQ(rows_of("csv", {"\xEF\xBB\xBFmac,place\r", "1,desk\r", "", R"("2","a ""b"", c")",
                              "\"3", "\",x", "4", "\"5\"x,y", "6,"}),
              (texts{R"({"mac":"1","place":"desk"})", R"({"mac":"2","place":"a \"b\", c"})",
                     R"({"mac":"3\n","place":"x"})", "! 1 fields, and the header has 2",
                     "! something stands behind a closing quote", R"({"mac":"6","place":""})"}));
    EXPECT_EQ(rows_of("csv", {"a,b", "\"1,2"}), (texts{"! the input ends inside a quote"}));
}

TEST(row_reader, reads_neighbours) {
    const texts lines{"192.168.1.7 dev eth0 lladdr 00:1b:63:84:45:e6 REACHABLE",
                      "192.168.1.8 dev eth0  FAILED",
                      "fe80::1 dev eth0 lladdr 00:1b:63:84:45:e7 router STALE", "nonsense"};
    EXPECT_EQ(rows_of("neigh", lines),
              (texts{R"({"address":"192.168.1.7","dev":"eth0","lladdr":"00:1b:63:84:45:e6",)"
                     R"("state":"REACHABLE"})",
                     R"({"address":"fe80::1","dev":"eth0","lladdr":"00:1b:63:84:45:e7",)"
                     R"("state":"STALE"})",
                     "! this is no line of ip neigh"}));
}

TEST(column_map, sends_what_it_names_and_the_constants) {
    const column_map columns{{*param_word::split("m=mac"), *param_word::split("n:=count")},
                             {*param_word::parse("place=desk")}};
    EXPECT_EQ(rows_of("csv", {"m,n,x", "1,2,3", "1,two,3"}, columns),
              (texts{R"({"mac":"1","count":2,"place":"desk"})", "! n is no JSON, or no UTF-8"}));
    EXPECT_EQ(rows_of("csv", {"m", "1"}, columns), (texts{"! there is no column n"}));
}

// Whether each row of JSON brings a key.
std::vector<bool> have_keys(const column_map& columns, const std::vector<std::string>& lines) {
    const auto reader = make_row_reader("json");
    std::vector<bool> found;
    for (const std::string& line : lines)
        found.push_back(columns.map(**reader->take(line))->has_key);
    return found;
}

TEST(column_map, tells_which_rows_bring_a_key_and_leaves_out_those_that_say_nothing) {
    const texts lines{R"({"m":1,"k":"a"})", R"({"m":1,"k":null})", R"({"m":1,"k":""})"};
    const column_map all{{}, {}, "k"};
    EXPECT_EQ(have_keys(all, lines), (std::vector<bool>{true, false, false}));
    EXPECT_EQ(rows_of("json", lines, all),
              (texts{R"({"m":1,"k":"a"})", R"({"m":1})", R"({"m":1})"}));
    const column_map mapped{{*param_word::split("m=k")}, {}, "k"};
    EXPECT_EQ(have_keys(mapped, lines), (std::vector<bool>{true, true, true}));
    const column_map same{{*param_word::split("m=n")}, {*param_word::parse("k=one")}, "k"};
    EXPECT_EQ(have_keys(same, lines), (std::vector<bool>{true, true, true}));
    const column_map none{{*param_word::split("m=n")}, {*param_word::parse("k:=null")}, "k"};
    EXPECT_EQ(have_keys(none, lines), (std::vector<bool>{false, false, false}));
    EXPECT_EQ(have_keys({{}, {}}, lines), (std::vector<bool>{false, false, false}));
}

TEST(line_splitter, cuts_lines_however_the_bytes_come) {
    const std::string text = "one\n\nthree\r\nlast";
    for (std::size_t step = 1; step <= text.size(); ++step) {
        line_splitter lines;
        texts seen;
        const auto drain = [&] {
            while (auto line = lines.next())
                seen.push_back(std::to_string(line->number) + ':' + line->text);
        };
        for (std::size_t at = 0; at < text.size(); at += step) {
            lines.add(text.substr(at, step));
            drain();
        }
        lines.finish();
        drain();
        EXPECT_EQ(seen, (texts{"1:one", "2:", "3:three\r", "4:last"})) << step;
    }
}

TEST(line_splitter, keeps_no_more_than_a_line_may_have) {
    line_splitter lines;
    const std::string much(line_splitter::longest_line / 4, 'x');
    for (int part = 0; part < 100; ++part) {
        lines.add(much);
        EXPECT_FALSE(lines.next().has_value());
    }
    lines.add("\nnext\n");
    const auto cut = lines.next();
    ASSERT_TRUE(cut.has_value());
    EXPECT_TRUE(cut->cut);
    EXPECT_LE(cut->text.size(), line_splitter::longest_line + much.size());
    const auto next = lines.next();
    EXPECT_TRUE(next && next->text == "next" && next->number == 2 && !next->cut);
}

TEST(ingest_tally, tells_the_counts_and_the_first_reasons) {
    const time_point began{};
    ingest_tally tally{began};
    for (std::size_t line = 1; line <= 20; ++line) tally.sent();
    for (std::size_t line = 1; line <= 10; ++line) tally.acknowledged();
    for (std::size_t line = 11; line <= 17; ++line) tally.refused(line, "no");
    EXPECT_FALSE(tally.all_well());
    EXPECT_EQ(tally.summary(began + std::chrono::seconds{2}),
              "20 sent, 10 acknowledged, 7 refused, 5 rows/s\nline 11: no\nline 12: no\n"
              "line 13: no\nline 14: no\nline 15: no\nand 2 more\n");
}

}  // namespace
}  // namespace weir::app
