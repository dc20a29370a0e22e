// Rows from an input to calls, many in flight.
//
// The input is read only as fast as rows are acknowledged: a row takes a place before it is sent
// and gives it back when the server has answered, so that memory holds the places' rows and one
// chunk of input. A row that has a key is sent until it is acknowledged, whatever happens to the
// connection; the key makes that harmless.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "weir/flow/semaphore.hpp"
#include "weir/frame/client.hpp"
#include "weir/io/runtime.hpp"
#include "weir/task/scope.hpp"

#include "app/call/column_map.hpp"
#include "app/call/ingest_tally.hpp"
#include "app/call/line_splitter.hpp"
#include "app/call/row_reader.hpp"

namespace weir::app {

struct ingest_plan {
    ingest_plan() = default;
    std::string call;
    std::string format;  // "auto" or one of row_reader's
    column_map columns{{}, {}};
    std::string key;  // the parameter; empty: none
    std::string run;
    duration patience{};
    std::size_t in_flight = 1;
    // The next bytes, empty at the end; on a blocking thread.
    std::function<result<std::string>()> read;
    // Told now and then; may be null.
    std::function<void(const std::string&)> progress;
    // Asked now and then whether that is enough; may be null.
    std::function<bool()> interrupted;
};

class ingest_run {
public:
    ingest_run(io::runtime& runtime, frame::client& client, const environment& env,
               ingest_plan plan);

    // Until every row is answered. Errors: the input's; why it was given up (no host, a row that
    // was not acknowledged in time, or canceled where it was interrupted).
    task<result<>> run();
    const ingest_tally& tally() const noexcept { return tally_; }

private:
    task<result<>> read_all();
    task<result<>> take_lines();
    void open_reader(std::string_view format);
    task<result<>> take(line_splitter::line line);
    task<> send(frame::call_params params, std::size_t line, flow::semaphore::permit place);
    // Whether the row is done with; else it is tried again.
    bool settle(const error& why, std::size_t line, time_point until);
    void give_up(const error& why);
    task<> watch();
    time_point now() const noexcept { return runtime_->at(0).now(); }

    io::runtime* runtime_;
    frame::client* client_;
    ingest_plan plan_;
    ingest_tally tally_;
    line_splitter lines_;
    std::unique_ptr<row_reader> reader_;
    bool reached_ = false;  // the server has answered a row
    std::optional<error> given_up_;
    flow::semaphore places_;
    task_scope watching_;
    task_scope work_;
};

}  // namespace weir::app
