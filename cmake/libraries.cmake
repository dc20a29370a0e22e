# The libraries the project stands on, all from Debian packages (tools/setup lists them).

# For a parent project, which links them through libweir, as well.
set(CMAKE_FIND_PACKAGE_TARGETS_GLOBAL TRUE)

set(CMAKE_FIND_PACKAGE_NAME Weir)
set(Weir_FIND_REQUIRED TRUE)
set(Weir_FOUND TRUE)
include(cmake/WeirLibraries.cmake)
if(NOT Weir_FOUND)
  message(FATAL_ERROR "${Weir_NOT_FOUND_MESSAGE}")
endif()
unset(CMAKE_FIND_PACKAGE_NAME)

if(WEIR_APP)
  find_package(fmt REQUIRED)
endif()
if(WEIR_TESTS)
  find_package(GTest REQUIRED)
endif()
