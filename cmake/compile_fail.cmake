# weir_compile_fail(NAME SOURCE EXPECT regex [FIRST_LINES n] [DEPS ...])
#
# A test that something must not compile. SOURCE holds the bad lines between
# `#ifdef WEIR_MUST_NOT_COMPILE` and `#endif`. The test compiles it twice: without them it must
# build, or the failure proves nothing; with them it must fail, and the compiler's first lines must
# match EXPECT, or it fails for another reason than the one meant. The first 20 lines, unless
# FIRST_LINES says otherwise. Nothing is linked or written.
find_package(Python3 COMPONENTS Interpreter QUIET)

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
  set(definitions $<TARGET_PROPERTY:${target},COMPILE_DEFINITIONS>)
  set(includes $<TARGET_PROPERTY:${target},INCLUDE_DIRECTORIES>)
  get_filename_component(source ${source} ABSOLUTE)
  separate_arguments(flags UNIX_COMMAND "${CMAKE_CXX_FLAGS}")
  string(TOUPPER "${CMAKE_BUILD_TYPE}" build_type)
  separate_arguments(type_flags UNIX_COMMAND "${CMAKE_CXX_FLAGS_${build_type}}")
  add_test(NAME must_not_compile.${name}
    COMMAND ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/tests/tools/must_not_compile.py
            --expect ${fail_EXPECT} --first-lines ${fail_FIRST_LINES} ${times} --
            ${CMAKE_CXX_COMPILER} ${CMAKE_CXX23_STANDARD_COMPILE_OPTION} ${flags} ${type_flags}
            $<TARGET_PROPERTY:${target},COMPILE_OPTIONS>
            "$<$<BOOL:${definitions}>:-D$<JOIN:${definitions},;-D>>"
            "$<$<BOOL:${includes}>:-I$<JOIN:${includes},;-I>>"
            -fsyntax-only ${source}
    COMMAND_EXPAND_LISTS)
  set_tests_properties(must_not_compile.${name} PROPERTIES LABELS compile_fail TIMEOUT 60)
endfunction()
