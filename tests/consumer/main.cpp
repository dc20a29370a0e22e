// What a user of the library writes: HTTP in front of an SQLite database, `consumer DATABASE`.
#include <cstdio>
#include <exception>
#include <string>

#include "weir/db/database.hpp"
#include "weir/http/server.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"

namespace db = weir::db;
namespace http = weir::http;

class greetings {
public:
    explicit greetings(db::database& database) : database_{database} {}

    weir::task<weir::result<http::response>> get(http::request& request) {
        auto session = co_await or_return(database_.session());
        const db::params bound{{"id", request.param("id")}};
        auto rows =
            co_await or_return(session.query("select text from greeting where id = :id", bound));
        std::string text;
        for (const auto row : rows) text += row["text"].as_text();
        co_return http::text(std::move(text));
    }

private:
    db::database& database_;
};

int main(int, char** words) try {
    weir::service service;
    db::database database{std::string{"sqlite:"} + words[1], service.blocking()};
    greetings greetings{database};
    http::router routes;
    routes.route("GET", "/greetings/{id}",
                 [&](http::request& request) { return greetings.get(request); });
    service.listen("127.0.0.1:0", http::serve(std::move(routes)), "http");
    return service.run();
} catch (const std::exception& why) {
    std::fputs(why.what(), stderr);
    return 2;
}
