# What `cmake --install` puts where, in two components: the program, and the library for those who
# build with it. What only a system's package has is in cmake/packages.cmake.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(weir_package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/Weir)

if(WEIR_APP)
  install(TARGETS weir COMPONENT program)
  install(FILES docs/config.schema.json DESTINATION ${CMAKE_INSTALL_DATADIR}/weir
          COMPONENT program)
endif()

install(TARGETS libweir EXPORT WeirTargets COMPONENT library
        INCLUDES DESTINATION ${CMAKE_INSTALL_INCLUDEDIR})
install(DIRECTORY include/weir DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} COMPONENT library
        FILES_MATCHING PATTERN "*.hpp")

install(EXPORT WeirTargets NAMESPACE Weir:: DESTINATION ${weir_package_dir} COMPONENT library)
configure_package_config_file(cmake/WeirConfig.cmake.in ${PROJECT_BINARY_DIR}/WeirConfig.cmake
                              INSTALL_DESTINATION ${weir_package_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
                                 COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/WeirConfig.cmake ${PROJECT_BINARY_DIR}/WeirConfigVersion.cmake
              cmake/WeirLibraries.cmake
        DESTINATION ${weir_package_dir} COMPONENT library)

# Users of the archive link what it uses; users of the shared library need not know. The file finds
# its prefix from where it is, so that an installed copy may be moved.
set(weir_pc_private "")
if(WEIR_SHARED)
  set(weir_pc_private ".private")
endif()
file(RELATIVE_PATH weir_pc_prefix
     ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
configure_file(cmake/weir.pc.in ${PROJECT_BINARY_DIR}/weir.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/weir.pc
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig COMPONENT library)
