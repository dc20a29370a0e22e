// Lets clang reject a view that outlives what it views. Other compilers ignore it.
#pragma once

#if defined(__clang__)
#define WEIR_LIFETIMEBOUND [[clang::lifetimebound]]
#else
#define WEIR_LIFETIMEBOUND
#endif
