# What a release is laid out by: how often each branch went which way while the service worked.
#
# tools/tune counts and writes profile.tar.xz, a file for each library that is compiled as one file.
# The counts are GCC 12.2's, of a release that does so; other builds go without. docs/adr/0019 says
# why they lie here, and what they fit.
set(WEIR_COUNTS "use" CACHE STRING "Counts of a typical run: use, off, or take (for tools/tune)")
set_property(CACHE WEIR_COUNTS PROPERTY STRINGS use off take)
if(NOT WEIR_COUNTS MATCHES "^(use|off|take)$")
  message(FATAL_ERROR "WEIR_COUNTS=${WEIR_COUNTS}: it is use, off or take")
endif()

set(WEIR_LAID_OUT OFF)
if(WEIR_COUNTS STREQUAL "use" AND CMAKE_BUILD_TYPE STREQUAL "Release" AND CMAKE_UNITY_BUILD
   AND CMAKE_GENERATOR STREQUAL "Ninja" AND NOT WEIR_SANITIZE AND NOT WEIR_COVERAGE
   AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION MATCHES "^12\\.2")
  set(WEIR_LAID_OUT ON)
endif()
message(STATUS "Weir is laid out by counts of a typical run: ${WEIR_LAID_OUT}")

set(weir_one_file_each ${WEIR_LAID_OUT})
if(WEIR_COUNTS STREQUAL "take")
  set(weir_one_file_each ON)
endif()

# The rooms that any request runs through, which are one file together: what they ask of each other
# is put inline, and lies together (docs/adr/0023). Each stands on no others.
set(weir_core_rooms "")
if(weir_one_file_each)
  set(weir_core_rooms base task metrics flow io net json pool frame_client_machine frame
      http_machine http)
endif()

add_library(weir_profile INTERFACE)
if(WEIR_LAID_OUT)
  set(weir_counts ${CMAKE_CURRENT_LIST_DIR}/profile.tar.xz)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${weir_counts})
  # A folder of another name for other counts, so that everything is compiled again.
  file(SHA256 ${weir_counts} weir_counts_hash)
  string(SUBSTRING ${weir_counts_hash} 0 16 weir_counts_hash)
  set(weir_counts_folder ${PROJECT_BINARY_DIR}/profile/${weir_counts_hash})
  file(REMOVE_RECURSE ${PROJECT_BINARY_DIR}/profile)
  file(ARCHIVE_EXTRACT INPUT ${weir_counts} DESTINATION ${weir_counts_folder})
  file(GLOB weir_counted RELATIVE ${weir_counts_folder} ${weir_counts_folder}/*.gcda)
  if(NOT weir_counted)
    message(FATAL_ERROR "There are no counts in ${weir_counts}: run tools/tune")
  endif()
  # What a request runs once is hot too, though loops over its bytes run more often by far. What did
  # not run is built as ever, not for size: a library is used in ways that nobody foresees. Threads
  # that count side by side leave sums that are not quite right; what has changed has none.
  target_compile_options(weir_profile INTERFACE
    -fprofile-use=${weir_counts_folder} -fprofile-partial-training -fprofile-correction
    --param=hot-bb-count-ws-permille=999 -Wno-missing-profile -Wno-coverage-mismatch)
elseif(WEIR_COUNTS STREQUAL "take")
  target_compile_options(weir_profile INTERFACE -fprofile-generate -fprofile-update=atomic)
  target_link_options(weir_profile INTERFACE -fprofile-generate)
endif()

# weir_one_file(RESULT TARGET SOURCE...)
#
# The sources of TARGET as they are to be compiled. Where counts are taken or used, it is one file,
# since counts belong to the file that is compiled. It includes them by a path that is the same in
# each checkout: GCC knows a local function, as each coroutine's body is one, by its path as well.
function(weir_one_file result target)
  if(NOT weir_one_file_each)
    set(${result} ${ARGN} PARENT_SCOPE)
    return()
  endif()
  set(text "")
  foreach(source IN LISTS ARGN)
    get_filename_component(path ${source} ABSOLUTE)
    file(RELATIVE_PATH path ${PROJECT_SOURCE_DIR} ${path})
    string(APPEND text "#include \"${path}\"\n")
  endforeach()
  file(CONFIGURE OUTPUT ${target}.cpp CONTENT "${text}")
  set(${result} ${CMAKE_CURRENT_BINARY_DIR}/${target}.cpp PARENT_SCOPE)
endfunction()

# weir_lay_out(TARGET): compiles what weir_one_file made by its counts.
function(weir_lay_out target)
  target_link_libraries(${target} PRIVATE weir_profile)
  set_target_properties(${target} PROPERTIES UNITY_BUILD_BATCH_SIZE 0)
  if(NOT weir_one_file_each)
    return()
  endif()
  file(CREATE_LINK ${PROJECT_SOURCE_DIR} ${PROJECT_BINARY_DIR}/sources SYMBOLIC)
  file(RELATIVE_PATH sources ${CMAKE_BINARY_DIR} ${PROJECT_BINARY_DIR}/sources)
  set_target_properties(${target} PROPERTIES UNITY_BUILD OFF)
  target_compile_options(${target} PRIVATE -I${sources} -fmacro-prefix-map=${sources}/=)
  if(EXISTS ${weir_counts_folder}/${target}.gcda)
    weir_name_counts(${target})
  endif()
endfunction()

# GCC looks for the whole path of the object, with # for each slash: as the folder was asked for, or
# as it is in truth.
function(weir_name_counts target)
  set(object ${CMAKE_CURRENT_BINARY_DIR}/CMakeFiles/${target}.dir/${target}.cpp.gcda)
  file(RELATIVE_PATH object ${PROJECT_BINARY_DIR} ${object})
  file(REAL_PATH ${PROJECT_BINARY_DIR} real_folder)
  foreach(folder IN ITEMS ${PROJECT_BINARY_DIR} ${real_folder})
    string(REPLACE "/" "#" name ${folder}/${object})
    file(COPY_FILE ${weir_counts_folder}/${target}.gcda ${weir_counts_folder}/${name})
  endforeach()
  set_property(GLOBAL APPEND PROPERTY WEIR_COUNTED ${target}.gcda)
endfunction()

# Says which counts were of nothing: a target that has another name now.
function(weir_check_counts)
  get_property(used GLOBAL PROPERTY WEIR_COUNTED)
  set(left ${weir_counted})
  list(REMOVE_ITEM left ${used})
  if(left)
    message(WARNING "There is no target for ${left}: run tools/tune")
  endif()
endfunction()
