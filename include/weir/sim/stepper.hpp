// Turns several loops over one simulated network, all on this thread.
#pragma once

#include <vector>

#include "weir/base/api.hpp"
#include "weir/base/lambda_rule.hpp"
#include "weir/io/loop.hpp"
#include "weir/sim/network.hpp"
#include "weir/task/task.hpp"

namespace weir::inline v0::sim {

class WEIR_API stepper {
public:
    // The loops' engines are all those of the network. From here on no engine moves the clock
    // itself.
    stepper(network& network, std::vector<io::loop*> loops);
    stepper(const stepper&) = delete;
    stepper& operator=(const stepper&) = delete;
    ~stepper();

    // Turns each loop once; where none had anything to do, moves the clock to the earliest time
    // that one of them waits for. False where none waits for anything that can still happen.
    bool step() noexcept;
    // Runs main on a loop to its end and rethrows what it throws. Throws std::logic_error where it
    // cannot end any more.
    void run(io::loop& on, task<> main);

private:
    bool quiet() noexcept;

    network* network_;
    std::vector<io::loop*> loops_;
};

}  // namespace weir::inline v0::sim
