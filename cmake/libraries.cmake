# The libraries the project stands on, all from Debian packages (tools/setup lists them).

find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
pkg_check_modules(liburing REQUIRED liburing>=2.3)
# The archive: Debian 12's shared liburing 2.3 does not export io_uring_enable_rings.
find_library(WEIR_LIBURING liburing.a REQUIRED)
pkg_check_modules(sqlite3 REQUIRED IMPORTED_TARGET sqlite3)
find_package(fmt REQUIRED)
find_package(spdlog REQUIRED)
find_package(simdjson REQUIRED)
if(WEIR_TESTS)
  find_package(GTest REQUIRED)
endif()
