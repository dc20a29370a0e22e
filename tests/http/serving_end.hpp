// This project's own server at the place where a client's tests look for one.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "weir/http/server.hpp"
#include "weir/net/connection.hpp"
#include "weir/task/or_return.hpp"
#include "weir/task/scope.hpp"

#include "http/server_end.hpp"

namespace weir::inline v0::http {

// Serves whoever comes.
class serving_end {
public:
    serving_end(client_stage& stage, server with)
        : stage_{&stage},
          with_{std::move(with)},
          scope_{stage.here->loop().env(), [](const error&) {}} {
        scope_.spawn(accepts());
    }

    void drain() {
        for (net::connection* each : open_) each->drain();
    }
    std::size_t open() const { return open_.size(); }

private:
    task<result<>> accepts() {
        for (;;) scope_.spawn(serves_one(co_await or_return(stage_->take())));
    }
    task<> serves_one(std::unique_ptr<server_end> taken) {
        net::connection& connection = taken->connection();
        open_.push_back(&connection);
        co_await with_(connection);
        co_await connection.close();
        std::erase(open_, &connection);
    }

    client_stage* stage_;
    server with_;
    std::vector<net::connection*> open_;
    task_scope scope_;
};

}  // namespace weir::inline v0::http
