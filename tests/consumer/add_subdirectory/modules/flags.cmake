message(FATAL_ERROR "Weir takes its parent's module for its own")
