// A database behind HTTP: who has a MAC prefix. examples/registry/load makes the database.
#include "weir/db/database.hpp"
#include "weir/db/database_metrics.hpp"
#include "weir/http/server.hpp"
#include "weir/json/writer.hpp"
#include "weir/service/service.hpp"
#include "weir/task/or_return.hpp"

namespace db = weir::db;
namespace http = weir::http;

class vendors {
public:
    explicit vendors(db::database& database) : database_{database} {}

    weir::task<weir::result<http::response>> get(http::request& request) {
        // A bounded, fair wait, inside the request's deadline.
        auto session = co_await or_return(database_.session());
        const db::params bound{{"prefix", request.param("prefix")}};
        auto rows = co_await or_return(
            session.query("select name from vendor where prefix = :prefix", bound));
        co_return names(request, rows);
    }

private:
    static http::response names(http::request& request, const db::rows& rows) {
        weir::io::block_writer body{request.blocks()};
        weir::json::writer json{body};
        json.begin_array();
        for (const auto row : rows)
            if (!json.string(row["name"].as_text())) json.null();  // a text that is not UTF-8
        json.end_array();
        return http::json(std::move(body));
    }

    db::database& database_;
};

int main() {
    weir::service service;
    auto database = db::database::open("sqlite:build/example/network.db", service.blocking());
    if (!database) {
        service.log().error(database.error().message());
        return 2;
    }
    const db::database_metrics measured{service.metrics(), *database};
    vendors vendors{*database};
    http::router routes;
    routes.route("GET", "/vendors/{prefix}",
                 [&](http::request& request) { return vendors.get(request); });
    http::server_options options;
    options.metrics = &service.metrics();
    service.listen("127.0.0.1:8080", http::serve(std::move(routes), options), "http");
    service.admin("127.0.0.1:8081");
    return service.run();
}
