// What a configuration wants of the machine that is to serve it.
#pragma once

#include "app/config/config.hpp"

namespace weir::app {

// Adds what this machine does not have: the user, the engine. Whether addresses are free is for the
// one that serves to find out. Before there are threads.
void check_machine(config_reading& all);

}  // namespace weir::app
