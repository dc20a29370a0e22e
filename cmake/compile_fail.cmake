# weir_compile_fail(NAME SOURCE EXPECT regex [FIRST_LINES n] [DEPS ...])
#
# A test that something must not compile. SOURCE holds the bad lines between
# `#ifdef WEIR_MUST_NOT_COMPILE` and `#endif`. With them it must fail, and the compiler's first
# lines must match EXPECT, or it fails for another reason than the one meant. The first 20 lines,
# unless FIRST_LINES says otherwise. Without them it must build, or the failure proves nothing:
# weir_but_for_the_bad_lines() looks. Nothing is linked or written.
find_package(Python3 COMPONENTS Interpreter QUIET)

# weir_compile_line(OUT TARGET): how the compiler is called for what links to the same as TARGET.
function(weir_compile_line out target)
  set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS}")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  separate_arguments(type_flags UNIX_COMMAND "${CMAKE_CXX_FLAGS_${build_type}}")
  set(${out} ${CMAKE_CXX_COMPILER} ${CMAKE_CXX23_STANDARD_COMPILE_OPTION} ${flags} ${type_flags}
    $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>
    "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},$<SEMICOLON>-D>>"
    "$<$<BOOL:${includes}>:-I$<JOIN:${includes},$<SEMICOLON>-I>>" PARENT_SCOPE)
endfunction()

# Most of each such file is standard headers: these are compiled once.
set(standard_headers ${PROJECT_BINARY_DIR}/standard.hpp)
configure_file(${PROJECT_SOURCE_DIR}/tests/tools/standard.hpp ${standard_headers} COPYONLY)
add_library(weir_standard OBJECT EXCLUDE_FROM_ALL ${standard_headers})
set_target_properties(weir_standard PROPERTIES LINKER_LANGUAGE CXX)
target_link_libraries(weir_standard PRIVATE weir_flags)
weir_compile_line(compile_line weir_standard)
add_custom_command(OUTPUT ${standard_headers}.gch
  COMMAND ${compile_line} -x c++-header ${standard_headers} -o ${standard_headers}.gch
  DEPENDS ${standard_headers} COMMAND_EXPAND_LISTS VERBATIM)
add_custom_target(weir_standard_headers ALL DEPENDS ${standard_headers}.gch)

function(weir_compile_fail name source)
  cmake_parse_arguments(fail "" "EXPECT;FIRST_LINES;TIMES" "DEPS" ${ARGN})
  if(NOT fail_EXPECT)
    message(FATAL_ERROR "weir_compile_fail(${name}): EXPECT says why it must not compile")
  endif()
  if(NOT fail_FIRST_LINES)
    set(fail_FIRST_LINES 20)
  endif()
  if(fail_TIMES)
    set(times --times ${fail_TIMES})
  endif()
  set(target must_not_compile_${name})
  add_library(${target} OBJECT EXCLUDE_FROM_ALL ${source})
  target_link_libraries(${target} PRIVATE weir_flags ${fail_DEPS})
  weir_compile_line(compile_line ${target})
  get_filename_component(source ${source} ABSOLUTE)
  set_property(GLOBAL APPEND PROPERTY WEIR_MISTAKES ${source})
  set_property(GLOBAL APPEND PROPERTY WEIR_MISTAKEN_ROOMS ${fail_DEPS})
  add_test(NAME must_not_compile.${name}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/tools/must_not_compile.py
            --expect ${fail_EXPECT} --first-lines ${fail_FIRST_LINES} ${times} --
            ${compile_line} -include ${standard_headers} -DWEIR_MUST_NOT_COMPILE
            -fsyntax-only ${source}
    COMMAND_EXPAND_LISTS)
  set_tests_properties(must_not_compile.${name} PROPERTIES LABELS compile_fail TIMEOUT 60)
endfunction()

# weir_but_for_the_bad_lines()
#
# After the last weir_compile_fail(): a test that compiles all their sources without the bad lines.
# As one file, for most of each is headers: these come first, and each source is in a namespace of
# its own, where main is a function like others.
function(weir_but_for_the_bad_lines)
  get_property(sources GLOBAL PROPERTY WEIR_MISTAKES)
  get_property(rooms GLOBAL PROPERTY WEIR_MISTAKEN_ROOMS)
  list(REMOVE_DUPLICATES sources)
  set(includes "")
  set(bodies "")
  foreach(source IN LISTS sources)
    file(STRINGS ${source} of_this REGEX "^#include ")
    list(APPEND includes ${of_this})
    get_filename_component(name ${source} NAME_WE)
    string(APPEND bodies "namespace ${name} {\n#include \"${source}\"\n}\n")
  endforeach()
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${sources})
  list(REMOVE_DUPLICATES includes)
  list(JOIN includes "\n" includes)
  set(all ${PROJECT_BINARY_DIR}/but_for_the_bad_lines.cpp)
  file(CONFIGURE OUTPUT ${all} CONTENT "${includes}\n${bodies}" @ONLY)
  add_library(but_for_the_bad_lines OBJECT EXCLUDE_FROM_ALL ${all})
  target_link_libraries(but_for_the_bad_lines PRIVATE weir_flags ${rooms})
  weir_compile_line(compile_line but_for_the_bad_lines)
  add_test(NAME must_not_compile.but_for_the_bad_lines
    COMMAND ${compile_line} -Wno-return-type -fsyntax-only ${all} COMMAND_EXPAND_LISTS)
  set_tests_properties(must_not_compile.but_for_the_bad_lines
    PROPERTIES LABELS compile_fail TIMEOUT 120)
endfunction()
