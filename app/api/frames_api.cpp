#include "app/api/frames_api.hpp"

#include "weir/task/this_env.hpp"

#include "app/api/frame_session.hpp"

namespace weir::app {

task<> frames_api::serve(net::connection& connection) {
    const weir::environment& env = co_await this_env{};
    frame_session session{share_, connection, env};
    co_await session.run();
}

}  // namespace weir::app
