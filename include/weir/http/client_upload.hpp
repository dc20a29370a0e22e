// A request whose body is written piece by piece, as it comes to hand.
//
//     auto upload = co_await or_return(client.upload(request));
//     while (...) co_await or_return(upload.write(piece));
//     auto response = co_await or_return(upload.finish());
//
// Who reads while it writes asks for the response first, and has another task write:
//
//     auto response = co_await or_return(upload.response());
//     auto [written, read] = co_await when_all(write_all(upload), read_all(response));
//
// Its head is on its way. It is never sent again. Dropped before its end, it ends its connection
// with a reset, so that its server does not take it for a whole one: reading the response fails
// with errc::closed then, and the reset goes when that is dropped, too. The client outlives it, and
// it its tasks.
#pragma once

#include <memory>

#include "weir/base/api.hpp"
#include "weir/base/bytes.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/base/result.hpp"
#include "weir/http/client_response.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::http {

class client_call;

class WEIR_API client_upload {
public:
    using loop_bound = void;

    client_upload(client_upload&& other) noexcept;
    client_upload& operator=(client_upload&& other) noexcept;
    ~client_upload();

    // Copies a piece behind what is to be sent, and waits as long as 64 KiB are unsent: a server
    // that does not read makes its client wait. Lifetime: the piece, until the task has ended.
    // Errors: closed, where the server has answered already and wants no more of it (response() has
    // the answer), or where who reads the response has left before its end; invalid_argument, where
    // more is written than was announced, and nothing is; else as client::send(), and all is over.
    // Cancellation: as an error.
    task<result<>> write(bytes_view piece);
    // The body is complete. Once. Where the response was asked for before, it waits until all is
    // sent. Errors and cancellation: as write(); invalid_argument, where less was written than was
    // announced.
    task<result<>> end();
    // The head of the response. Once. Before end(), also while another task writes, it asks for
    // both at the same time: from then on an answer does not end the body, unless it was noticed
    // before. It may come until client_options::head_timeout after what was written last;
    // body_timeout counts as ever, whatever the writer does. Errors: as client::send(); closed also
    // where the writer has left in the middle, and then the request may have been executed.
    // Cancellation: as an error, and the writer is told errc::closed.
    task<result<client_response>> response();
    // end(), then response().
    task<result<client_response>> finish();

private:
    friend class client;
    explicit client_upload(std::unique_ptr<client_call> call) noexcept;

    std::unique_ptr<client_call> call_;
};

}  // namespace weir::inline v0::http
