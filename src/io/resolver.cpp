#include "weir/io/resolver.hpp"

#include <algorithm>
#include <cerrno>
#include <memory>

#include <netdb.h>

#include "posix.hpp"

namespace weir::inline v0::io {
namespace {

error refusal_of(int code, int number, const std::string& name) {
    const std::string attempt = "resolve " + name;
    if (code == EAI_SYSTEM) return error::from_errno(number, attempt);
    const bool missing = code == EAI_NONAME || code == EAI_NODATA;
    return {missing ? errc::not_found : errc::unavailable, attempt + ": " + ::gai_strerror(code)};
}

result<std::vector<endpoint>> look_up(const std::string& name, std::uint16_t port) {
    addrinfo wanted{};
    wanted.ai_socktype = SOCK_STREAM;
    wanted.ai_flags = AI_ADDRCONFIG;
    addrinfo* found = nullptr;
    const int code = ::getaddrinfo(name.c_str(), std::to_string(port).c_str(), &wanted, &found);
    if (code != 0) return fail(refusal_of(code, errno, name));
    const std::unique_ptr<addrinfo, void (*)(addrinfo*)> owned{found, ::freeaddrinfo};
    std::vector<endpoint> answer;
    for (const addrinfo* each = found; each != nullptr; each = each->ai_next) {
        if (each->ai_family != AF_INET && each->ai_family != AF_INET6) continue;
        posix::address address;
        std::copy_n(reinterpret_cast<const char*>(each->ai_addr), each->ai_addrlen,
                    reinterpret_cast<char*>(&address.storage));
        address.size = each->ai_addrlen;
        answer.push_back(posix::to_endpoint(address));
    }
    if (answer.empty()) return fail(errc::not_found, "resolve " + name + ": no address");
    return answer;
}

}  // namespace

task<result<std::vector<endpoint>>> system_resolver::resolve(std::string name, std::uint16_t port) {
    auto work = [name = std::move(name), port] { return look_up(name, port); };
    co_return co_await run_blocking(*pool_, std::move(work));
}

}  // namespace weir::inline v0::io
