#include <algorithm>

#include <fmt/format.h>

#include "app/call/row_reader.hpp"

namespace weir::app {
namespace {

// What a quote opened and never closed may swallow.
constexpr std::size_t longest_record = std::size_t{1} << 20U;

class csv_rows final : public row_reader {
public:
    result<std::optional<row>> take(std::string_view line) override {
        record_ += line;
        const auto quotes = std::ranges::count(record_, '"');
        if (quotes % 2 != 0 && record_.size() < longest_record) {
            record_ += '\n';
            return std::nullopt;
        }
        const std::string whole = std::move(record_);
        record_.clear();
        if (quotes % 2 != 0) return fail(errc::malformed, "a quote is never closed");
        return row_of(whole);
    }

    result<> finish() override {
        if (record_.empty()) return {};
        return fail(errc::malformed, "the input ends inside a quote");
    }

private:
    result<std::optional<row>> row_of(std::string_view record) {
        if (record.ends_with('\r')) record.remove_suffix(1);
        if (record.empty()) return std::nullopt;
        auto fields = fields_of(record);
        if (!fields) return std::unexpected{std::move(fields).error()};
        if (header_.empty()) {
            if (fields->front().starts_with("\xEF\xBB\xBF")) fields->front().erase(0, 3);
            header_ = std::move(*fields);
            return std::nullopt;
        }
        if (fields->size() != header_.size())
            return fail(errc::malformed, fmt::format("{} fields, and the header has {}",
                                                     fields->size(), header_.size()));
        row made;
        for (std::size_t at = 0; at < header_.size(); ++at)
            made.columns.emplace_back(header_[at], std::move((*fields)[at]));
        return made;
    }

    static result<std::vector<std::string>> fields_of(std::string_view record) {
        std::vector<std::string> fields;
        for (std::size_t at = 0;;) {
            auto& field = fields.emplace_back();
            at = record.substr(at).starts_with('"') ? take_quoted(record, at + 1, field)
                                                    : take_plain(record, at, field);
            if (at >= record.size()) return fields;
            if (record[at] != ',') break;
            if (++at == record.size()) return fields.emplace_back(), fields;
        }
        return fail(errc::malformed, "something stands behind a closing quote");
    }

    // Each answers with the place behind the field.
    static std::size_t take_plain(std::string_view record, std::size_t at, std::string& field) {
        const std::size_t end = std::min(record.find(',', at), record.size());
        field = record.substr(at, end - at);
        return end;
    }
    static std::size_t take_quoted(std::string_view record, std::size_t at, std::string& field) {
        for (; at < record.size(); ++at) {
            if (record[at] == '"' && !record.substr(at + 1).starts_with('"')) return at + 1;
            if (record[at] == '"') ++at;
            field += record[at];
        }
        return at;
    }

    std::vector<std::string> header_;
    std::string record_;  // of a row that goes on
};

}  // namespace

std::unique_ptr<row_reader> make_csv_reader() { return std::make_unique<csv_rows>(); }

}  // namespace weir::app
