#include "app/serve/user.hpp"

#include <cerrno>
#include <string>

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include "app/config/environment.hpp"

namespace weir::app {

namespace {

bool is_root() noexcept { return ::getuid() == 0 || ::geteuid() == 0; }

result<> become(const passwd& user) {
    if (user.pw_uid == 0 || user.pw_gid == 0)
        return fail(errc::permission_denied, std::string{user.pw_name} + " is root, too");
    if (::initgroups(user.pw_name, user.pw_gid) != 0 || ::setgid(user.pw_gid) != 0 ||
        ::setuid(user.pw_uid) != 0)
        return fail(error::from_errno(errno, std::string{"become "} + user.pw_name));
    if (::setuid(0) == 0 || is_root())
        return fail(errc::permission_denied, "root's rights could not be given up");
    return {};
}

}  // namespace

result<> leave_root(std::string_view wanted) {
    if (!is_root()) return {};
    const std::string name =
        wanted.empty() ? process_environment()("SUDO_USER").value_or("") : std::string{wanted};
    if (name.empty())
        return fail(errc::permission_denied,
                    "never serves as root: start it as another user, or name one with "
                    "service.user");
    errno = 0;
    // NOLINTNEXTLINE(concurrency-mt-unsafe): no other thread has been started yet
    const passwd* const user = ::getpwnam(name.c_str());
    if (user == nullptr) return fail(errc::not_found, "there is no user " + name);
    return become(*user);
}

}  // namespace weir::app
