# Headers that nearly every file includes, parsed once: half the time of a small test is theirs.
#
# They must hide no missing include, so rooms have none, and the presets that do not sanitize not
# even for tests (CMAKE_DISABLE_PRECOMPILE_HEADERS). A file that reuses one must be compiled as it
# was: -fPIE is what CMake gives to programs.

set(WEIR_USUAL_HEADERS
  <algorithm> <array> <atomic> <chrono> <coroutine> <cstring> <expected> <functional> <map> <memory>
  <mutex> <optional> <span> <stdexcept> <string> <thread> <variant> <vector>)

function(weir_parsed_once name)
  cmake_parse_arguments(once "" "" "HEADERS;OPTIONS;LIBRARIES" ${ARGN})
  set(source ${PROJECT_BINARY_DIR}/${name}.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "")
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${source})
  set_target_properties(${name} PROPERTIES POSITION_INDEPENDENT_CODE OFF)
  target_compile_options(${name} PRIVATE ${once_OPTIONS})
  target_link_libraries(${name} PRIVATE weir_flags ${once_LIBRARIES})
  target_precompile_headers(${name} PRIVATE ${once_HEADERS})
endfunction()

# Test code runs briefly and is compiled often: under sanitizers it is not optimised.
if(WEIR_SANITIZE)
  set(WEIR_TEST_OPTIONS -O0)
endif()

if(WEIR_TESTS)
  weir_parsed_once(parsed_once_for_tests OPTIONS -fPIE ${WEIR_TEST_OPTIONS}
    HEADERS ${WEIR_USUAL_HEADERS} <gtest/gtest.h> LIBRARIES GTest::gtest)
endif()
