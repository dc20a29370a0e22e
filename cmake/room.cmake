# weir_room(NAME HEADERS ... SOURCES ... DEPS ... LIBRARIES ...)
#
# A room is a library target with an include directory of its own that holds links to just its
# public headers. A room sees the headers of the rooms it names in DEPS (and theirs) and no others,
# so that an include which climbs the floors does not build.
function(weir_room name)
  cmake_parse_arguments(room "" "" "HEADERS;SOURCES;DEPS;LIBRARIES" ${ARGN})
  set(forest ${PROJECT_BINARY_DIR}/include/${name})
  foreach(header IN LISTS room_HEADERS)
    get_filename_component(folder ${header} DIRECTORY)
    file(MAKE_DIRECTORY ${forest}/weir/${folder})
    file(CREATE_LINK ${PROJECT_SOURCE_DIR}/include/weir/${header} ${forest}/weir/${header} SYMBOLIC)
  endforeach()
  if(room_SOURCES)
    weir_one_file(sources weir_${name} ${room_SOURCES})
    add_library(weir_${name} STATIC ${sources})
    weir_lay_out(weir_${name})
    target_include_directories(weir_${name} PUBLIC ${forest})
    target_compile_features(weir_${name} PUBLIC cxx_std_23)
    target_link_libraries(weir_${name} PUBLIC ${room_DEPS} PRIVATE weir_flags ${room_LIBRARIES})
    # Hidden but for what WEIR_API marks: libweir is made of these objects.
    set_target_properties(weir_${name} PROPERTIES
      CXX_VISIBILITY_PRESET hidden VISIBILITY_INLINES_HIDDEN ON)
    set_property(GLOBAL APPEND PROPERTY WEIR_OBJECTS $<TARGET_OBJECTS:weir_${name}>)
    set_property(GLOBAL APPEND PROPERTY WEIR_LIBRARIES ${room_LIBRARIES})
  else()
    add_library(weir_${name} INTERFACE)
    target_include_directories(weir_${name} INTERFACE ${forest})
    target_compile_features(weir_${name} INTERFACE cxx_std_23)
    target_link_libraries(weir_${name} INTERFACE ${room_DEPS})
  endif()
  add_library(weir::${name} ALIAS weir_${name})
  set_property(GLOBAL APPEND PROPERTY WEIR_HEADERS ${room_HEADERS})
  set_property(GLOBAL APPEND PROPERTY WEIR_ROOMS weir_${name})
endfunction()

# Test code runs briefly and is compiled often: what it tests is optimised, it is hardly. -Og takes
# GCC 12 a third less time than -O1, and unlike -O0 it leaves _FORTIFY_SOURCE on; with sanitizers,
# -O0 is quicker still.
if(WEIR_SANITIZE)
  set(WEIR_TEST_OPTIONS -O0)
elseif(CMAKE_BUILD_TYPE STREQUAL "Release")
  set(WEIR_TEST_OPTIONS -Og)
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
