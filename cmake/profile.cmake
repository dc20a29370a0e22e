# What a release is laid out by: how often each branch went which way while the service worked.
#
# weir_profile is for targets that run once a message. tools/tune counts and writes profile.tar.xz;
# the counts are GCC 12's, of a room that is compiled as one file. What has changed since they were
# taken is built as if there were none. docs/adr/0019 says why they lie here.
set(WEIR_PROFILE "use" CACHE STRING "A typical run's profile: use, off, or count (for tools/tune)")

add_library(weir_profile INTERFACE)
set(WEIR_LAID_OUT OFF)
if(WEIR_PROFILE STREQUAL "count")
  target_compile_options(weir_profile INTERFACE -fprofile-generate -fprofile-update=atomic)
  target_link_options(weir_profile INTERFACE -fprofile-generate)
elseif(WEIR_PROFILE STREQUAL "use" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_UNITY_BUILD
       AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.2")
  set(WEIR_LAID_OUT ON)
  set(weir_counts ${CMAKE_CURRENT_LIST_DIR}/profile.tar.xz)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${weir_counts})
  # A folder of another name for other counts: everything is compiled again.
  file(SHA256 ${weir_counts} weir_counts_hash)
  string(SUBSTRING ${weir_counts_hash} 0 16 weir_counts_hash)
  set(weir_counts_folder ${PROJECT_BINARY_DIR}/profile/${weir_counts_hash})
  file(ARCHIVE_EXTRACT INPUT ${weir_counts} DESTINATION ${weir_counts_folder})
  # What a request runs once is hot too, though loops over its bytes run more often by far.
  target_compile_options(weir_profile INTERFACE
    -fprofile-use=${weir_counts_folder} -fprofile-prefix-path=${PROJECT_BINARY_DIR}
    -fprofile-partial-training -fprofile-correction --param=hot-bb-count-ws-permille=999
    -Wno-missing-profile -Wno-coverage-mismatch)
endif()
