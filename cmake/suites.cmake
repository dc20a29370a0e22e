# weir_suites(BINARY LABEL)
#
# A ctest entry for each suite of a test binary, found when ctest starts: a process for each test
# would take longer than the tests. Included here, it defines that; run by ctest, it finds them.
if(NOT DEFINED suites_binary)
  set(suites_file ${CMAKE_CURRENT_LIST_FILE})
  function(weir_suites binary label)
    set(script ${CMAKE_CURRENT_BINARY_DIR}/${binary}_suites.cmake)
    file(GENERATE OUTPUT ${script} CONTENT
      "set(suites_binary \"$<TARGET_FILE:${binary}>\")
set(suites_label ${label})
include(\"${suites_file}\")
unset(suites_binary)\n")
    set_property(DIRECTORY APPEND PROPERTY TEST_INCLUDE_FILES ${script})
  endfunction()
  return()
endif()

execute_process(COMMAND ${suites_binary} --gtest_list_tests
  OUTPUT_VARIABLE suites_listed RESULT_VARIABLE suites_failed ERROR_VARIABLE suites_error)
string(REGEX MATCHALL "(^|\n)[^ \n]+[.]" suites_found "${suites_listed}")
if(suites_failed OR NOT suites_found)
  # Runs what cannot be run, so that the test says why.
  set(suites_found "is_not_built.")
endif()
foreach(suite IN LISTS suites_found)
  string(STRIP "${suite}" suite)
  string(REGEX REPLACE "[.]$" "" name "${suite}")
  set(labels ${suites_label})
  if(name MATCHES "^sim_")  # the simulation's own: a part of unit that is asked for by itself, too
    list(APPEND labels sim)
  endif()
  # What runs on each engine, or for each kind of something, takes longest: it begins first, lest
  # all wait for it in the end.
  set(cost 0)
  if(name MATCHES "/")
    set(cost 2)
  endif()
  # A view that is used too late is seen by a sanitizer or, in a debug build, by weir::fence, which
  # moves all that arrives: where tests look for it in slabs, it is down.
  set(fences off)
  if(suites_label STREQUAL "views")
    set(fences off on)
  endif()
  foreach(fence IN LISTS fences)
    set(test ${suites_label}.${name})
    if(fence STREQUAL "on")
      string(APPEND test ".fenced")
    endif()
    add_test(${test} ${suites_binary} "--gtest_filter=${suite}*")
    set_tests_properties(${test} PROPERTIES
      LABELS "${labels}" TIMEOUT 300 COST ${cost} ENVIRONMENT "WEIR_FENCE=${fence}")
  endforeach()
endforeach()
