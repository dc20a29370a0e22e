#include "weir/base/error.hpp"

#include <cerrno>
#include <system_error>

namespace weir::inline v0 {

struct error::details {
    std::string text;
    std::string sqlstate;
    std::unique_ptr<error> cause;
};

void error::details_deleter::operator()(details* details) const noexcept { delete details; }

namespace {

errc code_of(int number) noexcept {
    switch (number) {
        case ECANCELED:
            return errc::canceled;
        case ETIMEDOUT:
            return errc::timed_out;
        case ECONNRESET:
        case EPIPE:
        case ECONNABORTED:
            return errc::reset;
        case ECONNREFUSED:
            return errc::refused;
        case EHOSTUNREACH:
        case ENETUNREACH:
        case EADDRNOTAVAIL:
            return errc::unreachable;
        case EADDRINUSE:
            return errc::address_in_use;
        case EINVAL:
            return errc::invalid_argument;
        case ENOENT:
            return errc::not_found;
        case EACCES:
        case EPERM:
            return errc::permission_denied;
        case ENOMEM:
        case ENOBUFS:
            return errc::out_of_memory;
        case EMFILE:
        case ENFILE:
            return errc::overloaded;
        case ENOSPC:
        case EIO:
            return errc::storage;
        default:
            return errc::system;
    }
}

}  // namespace

std::string_view to_string(errc code) noexcept {
    switch (code) {
        case errc::end_of_stream:
            return "end_of_stream";
        case errc::canceled:
            return "canceled";
        case errc::timed_out:
            return "timed_out";
        case errc::overloaded:
            return "overloaded";
        case errc::closed:
            return "closed";
        case errc::reset:
            return "reset";
        case errc::refused:
            return "refused";
        case errc::unreachable:
            return "unreachable";
        case errc::address_in_use:
            return "address_in_use";
        case errc::malformed:
            return "malformed";
        case errc::too_large:
            return "too_large";
        case errc::bad_response:
            return "bad_response";
        case errc::invalid_argument:
            return "invalid_argument";
        case errc::not_found:
            return "not_found";
        case errc::conflict:
            return "conflict";
        case errc::unavailable:
            return "unavailable";
        case errc::outcome_unknown:
            return "outcome_unknown";
        case errc::unsupported:
            return "unsupported";
        case errc::unsupported_type:
            return "unsupported_type";
        case errc::permission_denied:
            return "permission_denied";
        case errc::out_of_memory:
            return "out_of_memory";
        case errc::storage:
            return "storage";
        case errc::internal:
            return "internal";
        case errc::system:
            return "system";
    }
    return "unknown";
}

error::error(errc code, std::string text) : code_{code} { own_details().text = std::move(text); }

error error::from_errno(int number, std::string_view attempt) {
    std::string text{attempt};
    text += ": ";
    text += std::generic_category().message(number);
    return error{code_of(number), std::move(text)};
}

std::string_view error::text() const noexcept {
    return details_ && !details_->text.empty() ? std::string_view{details_->text}
                                               : to_string(code_);
}

std::string_view error::sqlstate() const noexcept {
    return details_ ? std::string_view{details_->sqlstate} : std::string_view{};
}

const error* error::cause() const noexcept { return details_ ? details_->cause.get() : nullptr; }

std::string error::message() const {
    std::string whole{text()};
    for (const error* at = cause(); at != nullptr; at = at->cause()) {
        whole += ": ";
        whole += at->text();
    }
    return whole;
}

error&& error::with_sqlstate(std::string_view state) && {
    own_details().sqlstate = state;
    return std::move(*this);
}

error&& error::because(error cause) && {
    own_details().cause = std::make_unique<error>(std::move(cause));
    return std::move(*this);
}

error error::clone() const {
    error copy{code_};
    if (!details_) return copy;
    details& own = copy.own_details();
    own.text = details_->text;
    own.sqlstate = details_->sqlstate;
    if (details_->cause) own.cause = std::make_unique<error>(details_->cause->clone());
    return copy;
}

error::details& error::own_details() {
    if (!details_) details_.reset(new details);
    return *details_;
}

}  // namespace weir::inline v0
