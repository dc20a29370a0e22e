#include "weir/http/client_upload.hpp"

#include <utility>

#include "client_call.hpp"

namespace weir::inline v0::http {

client_upload::client_upload(std::unique_ptr<client_call> call) noexcept : call_{std::move(call)} {}
client_upload::client_upload(client_upload&& other) noexcept = default;
client_upload& client_upload::operator=(client_upload&& other) noexcept = default;
client_upload::~client_upload() = default;

task<result<>> client_upload::write(bytes_view piece) { return call_->write(piece); }

task<result<>> client_upload::end() { return call_->end(); }

task<result<client_response>> client_upload::response() { return call_->response(); }

task<result<client_response>> client_upload::finish() { return call_->finish(); }

}  // namespace weir::inline v0::http
