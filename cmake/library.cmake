# weir_library(TARGET STATIC|SHARED)
#
# libweir as its users get it: one library, made of the objects of all rooms named so far, and one
# include directory. The project's own programs and tests link rooms instead, so that the floors
# hold.
function(weir_library target type)
  get_property(objects GLOBAL PROPERTY WEIR_OBJECTS)
  get_property(libraries GLOBAL PROPERTY WEIR_LIBRARIES)
  list(REMOVE_DUPLICATES libraries)
  add_library(${target} ${type} ${objects})
  target_compile_features(${target} INTERFACE cxx_std_23)
  target_include_directories(${target} INTERFACE
    $<BUILD_INTERFACE:${PROJECT_SOURCE_DIR}/include>)
  target_link_libraries(${target} PRIVATE ${libraries})
  # Before 1.0 each minor version has an ABI of its own (docs/stability.md).
  set_target_properties(${target} PROPERTIES
    OUTPUT_NAME weir EXPORT_NAME weir LINKER_LANGUAGE CXX
    VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})
  if(type STREQUAL "SHARED")
    target_link_libraries(${target} PRIVATE weir_flags)
    # What templates of other libraries leave in our objects is not ours to export.
    target_link_options(${target} PRIVATE
      -Wl,--version-script=${PROJECT_SOURCE_DIR}/cmake/libweir.map -Wl,--no-undefined)
    set_target_properties(${target} PROPERTIES LINK_DEPENDS ${PROJECT_SOURCE_DIR}/cmake/libweir.map)
  endif()
endfunction()
