#include "app/init/catalogue.hpp"

#include <algorithm>
#include <utility>

#include "weir/base/utf8.hpp"
#include "weir/task/or_return.hpp"

#include "app/init/examples.hpp"
#include "app/init/names.hpp"

namespace weir::app {

namespace {

// Beyond any schema that somebody would serve.
constexpr std::size_t most_entries = 100'000;
// A call has as many parameters as db::params holds; a page takes three besides the key.
constexpr std::size_t most_key_columns = db::params::capacity - 3;

constexpr std::string_view all_relations = R"(
select name, type = 'table' and not wr as has_row_number from pragma_table_list
where schema = 'main' and type in ('table', 'view', 'virtual')
  and name not like 'sqlite\_%' escape '\' and name <> 'weir_migration'
order by name)";

// Hidden ones are arguments of a virtual table; generated ones are listed.
constexpr std::string_view columns_of = R"(
select name, type, pk from pragma_table_xinfo(:relation) where hidden <> 1 order by cid)";

// A partial index finds some rows only; that of an expression is no column's.
constexpr std::string_view indexed_columns_of = R"(
select first.name, max(list."unique" and not exists (
    select 1 from pragma_index_info(list.name) as other where other.seqno > 0)) as is_unique
from pragma_index_list(:relation) as list, pragma_index_info(list.name) as first
where not list.partial and first.seqno = 0 and first.name is not null
group by first.name
order by min(first.cid))";

struct declared_column {
    column of;
    std::int64_t key_place = 0;  // from 1; 0: not in the key
};

class relation_reader {
public:
    relation_reader(db::session& session, std::string name, bool has_row_number)
        : session_{&session}, has_row_number_{has_row_number} {
        into_.name = std::move(name);
    }

    task<result<relation>> read() {
        co_await or_return(read_columns());
        choose_key();
        co_await or_return(read_indexed());
        co_return std::move(into_);
    }

private:
    task<result<>> read_columns() {
        const db::params of{{"relation", into_.name}};
        const db::query_options all{most_entries};
        const auto rows = co_await or_return(session_->query(columns_of, of, all));
        for (const db::row row : rows) {
            declared_column next;
            next.of.name = row["name"].as_text();
            next.of.affinity = affinity_of(row["type"].as_text());
            next.of.type = parameter_type_of(next.of.affinity);
            next.key_place = row["pk"].as_integer();
            into_.columns.push_back(next.of.name);
            declared_.push_back(std::move(next));
        }
        co_return result<>{};
    }

    void choose_key() {
        std::vector<declared_column> parts = declared_;
        std::erase_if(parts, [](const declared_column& each) { return each.key_place == 0; });
        std::sort(parts.begin(), parts.end(), [](const auto& left, const auto& right) {
            return left.key_place < right.key_place;
        });
        if (parts.empty() && has_row_number_) return choose_row_number();
        if (parts.size() > most_key_columns) return;
        for (declared_column& each : parts) into_.key.push_back(std::move(each.of));
    }

    // Under one of its names that is no column's.
    void choose_row_number() {
        for (const char* name : {"rowid", "_rowid_", "oid"}) {
            if (find(name) != nullptr) continue;
            column number;
            number.name = name;
            number.affinity = affinity::integer;
            number.type = parameter_type::integer;
            into_.key.push_back(std::move(number));
            into_.by_row_number = true;
            return;
        }
    }

    task<result<>> read_indexed() {
        const db::params of{{"relation", into_.name}};
        const db::query_options all{most_entries};
        const auto rows = co_await or_return(session_->query(indexed_columns_of, of, all));
        for (const db::row row : rows) {
            const declared_column* found = find(row["name"].as_text());
            if (found == nullptr || is_key(found->of.name)) continue;
            into_.indexed.push_back({found->of, row["is_unique"].as_integer() != 0});
        }
        co_return result<>{};
    }

    bool is_key(std::string_view name) const {
        return into_.key.size() == 1 && into_.key[0].name == name;
    }

    // As SQLite compares names: ASCII letters in either case.
    const declared_column* find(std::string_view name) const {
        const auto lower = [](char c) {
            return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
        };
        const auto same = [&](const declared_column& each) {
            return std::equal(each.of.name.begin(), each.of.name.end(), name.begin(), name.end(),
                              [&](char a, char b) { return lower(a) == lower(b); });
        };
        const auto found = std::find_if(declared_.begin(), declared_.end(), same);
        return found == declared_.end() ? nullptr : &*found;
    }

    db::session* session_;
    bool has_row_number_;
    relation into_;
    std::vector<declared_column> declared_;
};

// A view of what is no longer there, a virtual table whose module is missing, a name that no
// configuration can hold.
result<> can_be_read(const db::database& database, const relation& of) {
    std::string sql = "select";
    for (const std::string& each : of.columns) {
        if (!is_utf8(each)) return fail(errc::malformed, "a column's name is not UTF-8");
        sql += (sql.size() > 6 ? ", " : " ") + quoted_identifier(each);
    }
    if (of.columns.empty()) return fail(errc::malformed, "it has no columns");
    sql += " from " + quoted_identifier(of.name);
    auto info = database.prepare_check(sql);
    if (!info) return fail(std::move(info.error()));
    return {};
}

// One relation, or why it cannot be served.
task<result<relation>> read_relation(const db::database& database, db::session& session,
                                     std::string name, bool has_row_number) {
    if (!is_utf8(name)) co_return fail(errc::malformed, "its name is not UTF-8");
    relation_reader reader{session, std::move(name), has_row_number};
    auto reading = reader.read();
    relation of = co_await or_return(std::move(reading));
    if (auto sound = can_be_read(database, of); !sound) co_return fail(std::move(sound.error()));
    auto looking = with_examples(session, std::move(of));
    co_return co_await std::move(looking);
}

}  // namespace

task<result<catalogue>> read_catalogue(const db::database& database, db::session session) {
    catalogue all;
    const db::params none;
    const db::query_options entries{most_entries};
    const auto rows = co_await or_return(session.query(all_relations, none, entries));
    for (const db::row row : rows) {
        std::string name{row["name"].as_text()};
        const bool has_row_number = row["has_row_number"].as_integer() != 0;
        auto reading = read_relation(database, session, name, has_row_number);
        auto read = co_await std::move(reading);
        if (read)
            all.relations.push_back(std::move(*read));
        else
            all.others.push_back({std::move(name), read.error().message()});
    }
    co_return all;
}

}  // namespace weir::app
