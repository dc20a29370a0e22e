# Warnings, hardening and sanitizers: one interface target that every target of the project links.

add_library(weir_flags INTERFACE)

# Most of a small file's time is its headers', so most builds put files together: a room's all, and
# of programs a dozen at a time. The presets dev and release-clang compile each by itself, so that a
# missing include shows.
set(CMAKE_UNITY_BUILD_BATCH_SIZE 12)

target_compile_options(weir_flags INTERFACE
  -Wall -Wextra -Wpedantic $<$<BOOL:${WEIR_WERROR}>:-Werror>
  -Wconversion -Woverloaded-virtual -Wold-style-cast
  -Wswitch-enum -Wunused -Wcast-align -Wformat=2
  -fno-strict-aliasing
  # The places that /debug/tasks shows, and asserts, do not depend on where this was built.
  -fmacro-prefix-map=${PROJECT_SOURCE_DIR}/=)

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports moved-from std::expected members as maybe uninitialized, and takes a coroutine's
  # own null check of a failed allocation for a comparison that never differs.
  # At -O3 it sees overlaps where a std::string is made from a literal. Position independent code
  # keeps what is exported replaceable, so neither inlined nor specialised, unless told otherwise.
  target_compile_options(weir_flags INTERFACE
    -fcoroutines -fno-semantic-interposition -Wshadow=compatible-local
    -Wno-maybe-uninitialized -Wno-dangling-pointer -Wno-nonnull-compare -Wno-restrict)
  if(CMAKE_UNITY_BUILD)
    # It suspects what is private to a file that another one includes.
    target_compile_options(weir_flags INTERFACE -Wno-subobject-linkage)
  endif()
else()
  target_compile_options(weir_flags INTERFACE -Wthread-safety)
  # In files that were put together, a local name may be one of another file's.
  if(NOT CMAKE_UNITY_BUILD)
    target_compile_options(weir_flags INTERFACE -Wshadow)
  endif()
endif()

# Hardened by default; docs/adr says what it costs.
target_compile_options(weir_flags INTERFACE -fstack-protector-strong)
target_compile_definitions(weir_flags INTERFACE
  $<$<CONFIG:Release>:_FORTIFY_SOURCE=2> _GLIBCXX_ASSERTIONS)
target_link_options(weir_flags INTERFACE -Wl,-z,relro -Wl,-z,now)

# The presets with sanitizers optimise by -Og: GCC 12 takes up to a third less time than for -O1,
# and the tests run no longer.
set(WEIR_SANITIZE "" CACHE STRING "Sanitizers, comma separated: address,undefined or thread")
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE
    -fsanitize=${WEIR_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_link_options(weir_flags INTERFACE -fsanitize=${WEIR_SANITIZE})
endif()

# GCC takes a tenth of its time to collect garbage. Where many files of templates are compiled for
# tests alone, it may have a third more memory (1 GB at most) and that tenth back.
set(WEIR_MORE_MEMORY $<$<CXX_COMPILER_ID:GNU>:--param=ggc-min-heapsize=1048576>)
if(WEIR_SANITIZE)
  target_compile_options(weir_flags INTERFACE ${WEIR_MORE_MEMORY})
endif()

# What fuzzers watch: which edges an input takes, of all code of ours.
if(WEIR_FUZZ)
  target_compile_options(weir_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()

# Of the source, not of what the optimiser made of it: a branch is one that somebody wrote.
option(WEIR_COVERAGE "Instrument for coverage (clang only)" OFF)
if(WEIR_COVERAGE)
  target_compile_options(weir_flags INTERFACE -fprofile-instr-generate -fcoverage-mapping)
  target_link_options(weir_flags INTERFACE -fprofile-instr-generate)
endif()

include(CheckPIESupported)
check_pie_supported()
