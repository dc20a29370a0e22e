# What libweir itself links. Included where it is built, and by WeirConfig.cmake of an installed
# static library, whose users link the same. A library that is added here goes into weir.pc.in, and
# into the dependencies of libweir-dev (cmake/packages.cmake), as well.
include(CMakeFindDependencyMacro)
find_dependency(PkgConfig)
find_dependency(Threads)
find_dependency(spdlog)
find_dependency(simdjson)
pkg_check_modules(sqlite3 QUIET IMPORTED_TARGET GLOBAL sqlite3)
# The archive: Debian 12's shared liburing 2.3 does not export io_uring_enable_rings.
find_library(WEIR_LIBURING liburing.a)
mark_as_advanced(WEIR_LIBURING)

if(NOT sqlite3_FOUND OR NOT WEIR_LIBURING)
  set(${CMAKE_FIND_PACKAGE_NAME}_FOUND FALSE)
  set(${CMAKE_FIND_PACKAGE_NAME}_NOT_FOUND_MESSAGE "Weir needs sqlite3 and liburing.a (2.3)")
elseif(NOT TARGET Weir::liburing)
  add_library(Weir::liburing STATIC IMPORTED GLOBAL)
  set_target_properties(Weir::liburing PROPERTIES IMPORTED_LOCATION ${WEIR_LIBURING})
endif()
