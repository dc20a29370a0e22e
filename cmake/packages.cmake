# Two Debian packages by `cpack -G DEB`: weir, the program with its units and configuration, and
# libweir-dev, the library to build with.

# Not part of `cmake --install`: these have places of their own, whatever the prefix is.
install(FILES packaging/debian/weir.service packaging/debian/weir.socket
        DESTINATION lib/systemd/system COMPONENT system EXCLUDE_FROM_ALL)
install(FILES packaging/weir.toml DESTINATION /etc/weir COMPONENT system EXCLUDE_FROM_ALL)
foreach(package weir libweir-dev)
  install(FILES packaging/debian/copyright DESTINATION share/doc/${package}
          COMPONENT ${package}_notices EXCLUDE_FROM_ALL)
  install(FILES CHANGELOG.md THIRD_PARTY.md DESTINATION share/doc/${package}
          COMPONENT ${package}_notices EXCLUDE_FROM_ALL)
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_VENDOR "The Weir authors")
set(CPACK_PACKAGE_CONTACT "The Weir authors <weir@localhost>")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)

set(CPACK_COMPONENTS_ALL library libweir-dev_notices)
if(WEIR_APP)
  list(APPEND CPACK_COMPONENTS_ALL program system weir_notices)
endif()
set(CPACK_COMPONENTS_GROUPING ONE_PER_GROUP)
set(CPACK_DEB_COMPONENT_INSTALL ON)
foreach(component PROGRAM SYSTEM WEIR_NOTICES)
  set(CPACK_COMPONENT_${component}_GROUP weir)
endforeach()
foreach(component LIBRARY LIBWEIR-DEV_NOTICES)
  set(CPACK_COMPONENT_${component}_GROUP libweir-dev)
endforeach()

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)

set(CPACK_DEBIAN_WEIR_PACKAGE_NAME weir)
set(CPACK_DEBIAN_WEIR_PACKAGE_SECTION net)
set(CPACK_DEBIAN_WEIR_DESCRIPTION "serves a database over HTTP and frames
 Serves the SQL statements that a configuration file declares, over HTTP/JSON
 and over length-prefixed frames, from an SQLite database.")
# What it is linked to, from its own symbols.
set(CPACK_DEBIAN_WEIR_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_WEIR_PACKAGE_CONTROL_EXTRA
    "${PROJECT_SOURCE_DIR}/packaging/debian/conffiles"
    "${PROJECT_SOURCE_DIR}/packaging/debian/postinst"
    "${PROJECT_SOURCE_DIR}/packaging/debian/prerm"
    "${PROJECT_SOURCE_DIR}/packaging/debian/postrm")
set(CPACK_DEBIAN_WEIR_PACKAGE_CONTROL_STRICT_PERMISSION ON)

set(CPACK_DEBIAN_LIBWEIR-DEV_PACKAGE_NAME libweir-dev)
set(CPACK_DEBIAN_LIBWEIR-DEV_PACKAGE_SECTION libdevel)
set(CPACK_DEBIAN_LIBWEIR-DEV_DESCRIPTION "C++ toolkit for network services
 Coroutine I/O on io_uring or epoll, connections, frames, HTTP/1.1, pools,
 backpressure, metrics and drain. This package has the headers, the library to
 link statically, and the files of CMake and pkg-config.")
set(CPACK_DEBIAN_LIBWEIR-DEV_PACKAGE_DEPENDS
    "libfmt-dev, libsimdjson-dev, libspdlog-dev, libsqlite3-dev, liburing-dev (>= 2.3)")

include(CPack)
