#include "app/serve/user.hpp"

#include <cerrno>
#include <string>
#include <utility>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "app/config/environment.hpp"

namespace weir::app {

namespace {

bool is_root() noexcept { return ::getuid() == 0 || ::geteuid() == 0; }

// Before there are other threads, of whom none may ask at the same time.
result<const passwd*> find_user(const std::string& name) {
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread has been started yet
    const passwd* const user = ::getpwnam(name.c_str());
    if (user == nullptr) return fail(errc::not_found, "there is no user " + name);
    if (user->pw_uid == 0 || user->pw_gid == 0)
        return fail(errc::permission_denied, name + " is root, too");
    return user;
}

result<> become(const passwd& user) {
    if (::initgroups(user.pw_name, user.pw_gid) != 0 || ::setgid(user.pw_gid) != 0 ||
        ::setuid(user.pw_uid) != 0)
        return fail(error::from_errno(errno, std::string{"become "} + user.pw_name));
    if (::setuid(0) == 0 || is_root())
        return fail(errc::permission_denied, "root's rights could not be given up");
    return {};
}

}  // namespace

result<> check_user(const std::string& name) {
    auto user = find_user(name);
    if (!user) return std::unexpected{std::move(user).error()};
    return {};
}

result<> leave_root(std::string_view wanted) {
    if (!is_root()) return {};
    const std::string name =
        wanted.empty() ? process_environment()("SUDO_USER").value_or("") : std::string{wanted};
    if (name.empty())
        return fail(errc::permission_denied,
                    "never serves as root: start it as another user, or name one with "
                    "service.user");
    auto user = find_user(name);
    if (!user) return std::unexpected{std::move(user).error()};
    return become(**user);
}

}  // namespace weir::app
