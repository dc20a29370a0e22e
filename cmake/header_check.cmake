# Compiles each public header of every room alone, in a file of its own that includes nothing else:
# a header that leans on what its neighbours happen to include does not build. Hardly optimised,
# since nobody runs it. Included once, after the last room.
get_property(headers GLOBAL PROPERTY WEIR_HEADERS)
get_property(rooms GLOBAL PROPERTY WEIR_ROOMS)
set(sources)
foreach(header IN LISTS headers)
  string(MAKE_C_IDENTIFIER ${header} name)
  set(source ${PROJECT_BINARY_DIR}/header_check/${name}.cpp)
  # Twice, so that a missing #pragma once shows as well.
  file(CONFIGURE OUTPUT ${source}
       CONTENT "#include \"weir/${header}\"\n#include \"weir/${header}\"\n" @ONLY)
  list(APPEND sources ${source})
endforeach()
add_library(weir_header_check OBJECT ${sources})
set_target_properties(weir_header_check PROPERTIES UNITY_BUILD OFF)
target_link_libraries(weir_header_check PRIVATE weir_flags ${rooms})
target_compile_options(weir_header_check PRIVATE -O1)
