# weir_room(NAME HEADERS ... SOURCES ... DEPS ... LIBRARIES ... DEFINITIONS ...)
#
# A room is a library target with an include directory of its own that holds links to just its
# public headers. A room sees the headers of the rooms it names in DEPS (and theirs) and no others,
# so that an include which climbs the floors does not build. Libraries and definitions are its own.
function(weir_room name)
  cmake_parse_arguments(room "" "" "HEADERS;SOURCES;DEPS;LIBRARIES;DEFINITIONS" ${ARGN})
  set(forest ${PROJECT_BINARY_DIR}/include/${name})
  foreach(header IN LISTS room_HEADERS)
    get_filename_component(folder ${header} DIRECTORY)
    file(MAKE_DIRECTORY ${forest}/weir/${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/weir/${header} ${forest}/weir/${header} SYMBOLIC)
  endforeach()
  set(users PUBLIC)
  list(TRANSFORM room_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/ OUTPUT_VARIABLE sources)
  set_property(GLOBAL PROPERTY WEIR_SOURCES_${name} ${sources})
  if(NOT room_SOURCES)
    set(users INTERFACE)
    add_library(weir_${name} INTERFACE)
  elseif(name IN_LIST weir_core_rooms)
    set(users INTERFACE)
    add_library(weir_${name} INTERFACE)
    target_link_libraries(weir_${name} INTERFACE weir_core)
    set_property(GLOBAL APPEND PROPERTY WEIR_CORE_SOURCES ${sources})
    set_property(GLOBAL APPEND PROPERTY WEIR_CORE_LIBRARIES ${room_LIBRARIES})
    set_property(GLOBAL APPEND PROPERTY WEIR_CORE_DEFINITIONS ${room_DEFINITIONS})
  else()
    weir_one_file(sources weir_${name} ${room_SOURCES})
    add_library(weir_${name} STATIC ${sources})
    target_compile_definitions(weir_${name} PRIVATE ${room_DEFINITIONS})
    weir_objects(weir_${name} ${room_LIBRARIES})
  endif()
  target_include_directories(weir_${name} ${users} ${forest})
  target_compile_features(weir_${name} ${users} cxx_std_23)
  target_link_libraries(weir_${name} ${users} ${room_DEPS})
  add_library(weir::${name} ALIAS weir_${name})
  set_property(GLOBAL APPEND PROPERTY WEIR_LIBRARIES ${room_LIBRARIES})
  set_property(GLOBAL APPEND PROPERTY WEIR_HEADERS ${room_HEADERS})
  set_property(GLOBAL APPEND PROPERTY WEIR_ROOMS weir_${name})
endfunction()

# weir_core()
#
# After the last room: the library of those that are compiled as one file, of which each is then no
# more than its headers. It sees the headers of all of them: that nothing climbs is for the builds
# to show in which a room is a library.
function(weir_core)
  if(NOT weir_core_rooms)
    return()
  endif()
  foreach(what IN ITEMS SOURCES LIBRARIES DEFINITIONS)
    get_property(core_${what} GLOBAL PROPERTY WEIR_CORE_${what})
  endforeach()
  list(REMOVE_DUPLICATES core_LIBRARIES)
  weir_one_file(sources weir_core ${core_SOURCES})
  add_library(weir_core STATIC ${sources})
  target_include_directories(weir_core PRIVATE ${PROJECT_SOURCE_DIR}/include)
  target_compile_features(weir_core PRIVATE cxx_std_23)
  target_compile_definitions(weir_core PRIVATE ${core_DEFINITIONS})
  weir_objects(weir_core ${core_LIBRARIES})
endfunction()

# weir_objects(TARGET LIBRARY...): what libweir is made of, hidden but for what WEIR_API marks.
function(weir_objects target)
  weir_lay_out(${target})
  target_link_libraries(${target} PRIVATE weir_flags ${ARGN})
  set_target_properties(${target} PROPERTIES
    CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
  set_property(GLOBAL APPEND PROPERTY WEIR_OBJECTS $<TARGET_OBJECTS:${target}>)
endfunction()

# Test code runs briefly and is compiled often: what it tests is optimised, it is hardly. -Og takes
# GCC 12 a third less time than -O1, and unlike -O0 it leaves _FORTIFY_SOURCE on; with sanitizers,
# -O0 is quicker still.
if(WEIR_SANITIZE)
  set(WEIR_TEST_OPTIONS -O0)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(WEIR_TEST_OPTIONS -Og ${WEIR_MORE_MEMORY})
endif()

# weir_tests(BINARY LABEL ... DEPS ... SOURCES ...)
#
# Adds sources to one of the few test binaries; tests/CMakeLists.txt turns each into ctest entries.
function(weir_tests binary)
  cmake_parse_arguments(tests "" "" "DEPS;SOURCES" ${ARGN})
  if(NOT TARGET ${binary})
    add_executable(${binary})
    target_link_libraries(${binary} PRIVATE weir_flags GTest::gtest_main)
    target_include_directories(${binary} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
    set_property(GLOBAL APPEND PROPERTY WEIR_TEST_BINARIES ${binary})
    target_compile_options(${binary} PRIVATE ${WEIR_TEST_OPTIONS})
  endif()
  list(TRANSFORM tests_SOURCES PREPEND ${CMAKE_CURRENT_SOURCE_DIR}/)
  target_sources(${binary} PRIVATE ${tests_SOURCES})
  target_link_libraries(${binary} PRIVATE ${tests_DEPS})
endfunction()

# weir_view_tests(DEPS ... SOURCES ...)
#
# Of views that outlive their bytes, apart from the rest so that ./test can build them with
# AddressSanitizer. It and builds with assertions look at them; a release looks at none.
function(weir_view_tests)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release")
    weir_tests(tests_views ${ARGN})
  endif()
endfunction()
