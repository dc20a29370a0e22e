#include "app/api/frames_api.hpp"

#include <exception>
#include <new>
#include <string>
#include <utility>

#include "weir/flow/semaphore.hpp"
#include "weir/frame/framed.hpp"
#include "weir/io/block_writer.hpp"
#include "weir/json/writer.hpp"
#include "weir/task/scope.hpp"
#include "weir/task/this_env.hpp"

#include "app/api/frame_request.hpp"
#include "app/data/result_writer.hpp"

namespace weir::app {

namespace {

// For people; what programs compare is the code.
std::string_view title_of(errc code) noexcept {
    if (code == errc::invalid_argument) return "The call is wrong";
    if (code == errc::malformed) return "This is no call";
    if (code == errc::not_found) return "There is no such thing";
    if (code == errc::conflict) return "A constraint of the database forbids it";
    if (code == errc::overloaded) return "Too much to do; try again later";
    if (code == errc::timed_out) return "It took too long";
    if (code == errc::too_large) return "Too large";
    if (code == errc::canceled) return "It was canceled";
    return "It failed";
}

void write_error(const error& why, json::writer& json) {
    (void)json.name("error");
    json.begin_object();
    (void)json.name("code");
    (void)json.string(to_string(why.code()));
    (void)json.name("title");
    (void)json.string(title_of(why.code()));
    if (why.text() != to_string(why.code())) {
        (void)json.name("detail");
        if (!json.string(why.text())) json.null();
    }
    json.end_object();
}

}  // namespace

// One connection's share: who reads, and the calls that run. Belongs to its loop.
class frame_session {
public:
    frame_session(frames_api& api, net::connection& connection, const weir::environment& env)
        : api_{api},
          connection_{connection},
          frames_{connection},
          in_flight_{api.in_flight_},
          calls_{env, [this](const error&) { connection_.abort(); }} {}

    task<> run() {
        while (!over_) {
            // At the limit, no further call is read.
            auto permit = co_await in_flight_.acquire();
            if (!permit) break;
            auto frame = co_await frames_.next();
            if (!frame) {
                ended(frame.error().code());
                break;
            }
            calls_.spawn(answer(frame->bytes(), std::move(*permit)));
        }
        co_await calls_.join();
        (void)co_await frames_.flush();
    }

private:
    void ended(errc why) {
        // A peer that has finished sending still reads; one that is gone does not.
        if (why == errc::reset || why == errc::canceled) calls_.request_stop(why);
        if (why == errc::too_large || why == errc::malformed) calls_.spawn(refuse(why));
    }

    task<> refuse(errc why) {
        io::block_writer body{connection_.loop().blocks()};
        write_answer({}, fail(why), body);
        co_await send(std::move(body));
    }

    // The permit is held until the answer has been sent.
    task<> answer(bytes_view frame, flow::semaphore::permit) {
        const weir::environment& env = co_await this_env{};
        const time_point began = env.now();
        frame_request request{connection_.loop().blocks()};
        result<db::rows> rows = fail(errc::internal);
        try {
            rows = co_await outcome(frame, &request);
        } catch (const std::bad_alloc&) {
            rows = fail(errc::out_of_memory);
        } catch (const std::exception& thrown) {
            api_.data_->log().error(std::string{"a call over frames threw: "} + thrown.what());
        }
        io::block_writer body{connection_.loop().blocks()};
        write_answer(&request, rows, body);
        if (body.size() > frames_.codec().max_frame_length()) {
            body.clear();
            rows = fail(errc::too_large, "the answer is larger than a frame may be");
            write_answer(&request, rows, body);
        }
        const errc code = rows ? errc{} : rows.error().code();
        api_.metrics_.answered(connection_.loop().index(), request.which(), code,
                               env.now() - began);
        co_await send(std::move(body));
    }

    // The frame is read before the first wait.
    task<result<db::rows>> outcome(bytes_view frame, frame_request* request) {
        result<> read = request->read(frame, api_.readers_.at(connection_.loop()), *api_.data_);
        if (!read) {
            over_ = read.error() == errc::malformed;
            co_return fail(std::move(read.error()));
        }
        const duration timeout = request->timeout();
        co_return co_await api_.data_->call(request->which(), &request->with(), timeout);
    }

    void write_answer(const frame_request* request, const result<db::rows>& rows,
                      io::block_writer& body) const {
        json::writer json{body};
        json.begin_object();
        (void)json.name("id");
        if (request != nullptr) {
            request->write_id(json);
        } else {
            json.null();
        }
        if (rows) {
            result_writer{json, api_.integers_}.members(request->which()->config, *rows);
        } else {
            write_error(rows.error(), json);
        }
        json.end_object();
    }

    task<> send(io::block_writer body) {
        auto parts = body.all_parts();
        const bytes_view first = parts.next().value_or(bytes_view{});
        if (first.size() == body.size()) {
            (void)co_await frames_.send(first);
            co_return;
        }
        std::string whole{as_text(first)};
        while (const auto part = parts.next()) whole += as_text(*part);
        (void)co_await frames_.send(as_bytes(whole));
    }

    frames_api& api_;
    net::connection& connection_;
    frame::framed frames_;
    flow::semaphore in_flight_;
    bool over_ = false;  // the peer speaks something else
    task_scope calls_;
};

frames_api::frames_api(const data_service& data, const config& read, metrics::registry& metrics)
    : data_{&data},
      in_flight_{read.limits.in_flight},
      integers_{read.json.big_integers},
      readers_{metrics.shards()},
      metrics_{metrics, data.endpoints()} {}

task<> frames_api::serve(net::connection& connection) {
    const weir::environment& env = co_await this_env{};
    frame_session session{*this, connection, env};
    co_await session.run();
}

}  // namespace weir::app
