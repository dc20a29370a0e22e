#include "weir/db/session.hpp"

#include <utility>

#include "rollback_desk.hpp"

namespace weir::inline v0::db {

session& session::operator=(session&& other) noexcept {
    std::swap(lease_, other.lease_);
    std::swap(desk_, other.desk_);
    return *this;
}

task<result<rows>> session::query(std::string_view sql, params bound, query_options options) {
    return lease_->query(sql, bound, options);
}

void session::release() noexcept {
    if (!lease_) return;
    if (lease_->in_transaction()) {
        desk_->take(std::move(lease_));
    } else {
        lease_.release();
    }
}

}  // namespace weir::inline v0::db
