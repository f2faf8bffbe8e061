# How Dateline's own targets are made.

add_library(dateline_options INTERFACE)
target_compile_options(dateline_options INTERFACE
  -Wall -Wextra -Wshadow -Wconversion -Werror
  # Which gcc, in C++, doesn't count to -Wconversion.
  $<$<CXX_COMPILER_ID:Clang>:-Wno-sign-conversion>)
target_include_directories(dateline_options INTERFACE ${CMAKE_SOURCE_DIR})
target_compile_definitions(dateline_options INTERFACE
  DATELINE_VERSION="${PROJECT_VERSION}")
if(DATELINE_SANITIZE)
  add_compile_options(-fsanitize=${DATELINE_SANITIZE} -fno-omit-frame-pointer
                      -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${DATELINE_SANITIZE})
endif()
if(DATELINE_SANITIZE MATCHES "thread")
  # gRPC's headers have fences, which gcc's ThreadSanitizer doesn't see; and
  # with it gcc takes arrays of constants for uninitialized.
  add_compile_options(
    "$<$<CXX_COMPILER_ID:GNU>:-Wno-tsan;-Wno-maybe-uninitialized>")
  add_library(dateline_sync_for_tsan OBJECT
    ${CMAKE_SOURCE_DIR}/tests/support/sync_for_tsan.cc)
  target_link_libraries(dateline_sync_for_tsan
    PRIVATE absl::synchronization dateline_options ${CMAKE_DL_LIBS})
endif()

if(DATELINE_FUZZ)
  # Coverage of all our code steers the fuzzer, not of the targets alone.
  add_compile_options(-fsanitize=fuzzer-no-link)
endif()

# dateline_library(NAME SOURCES... LINK LIBRARIES...)
function(dateline_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_library(${name} STATIC ${ARG_SOURCES})
  target_link_libraries(${name} PUBLIC ${ARG_LINK} PRIVATE dateline_options)
  target_include_directories(${name} PUBLIC ${CMAKE_SOURCE_DIR})
endfunction()

# dateline_binary(NAME SOURCES... LINK LIBRARIES...)
function(dateline_binary name)
  cmake_parse_arguments(ARG "" "" "SOURCES;LINK" ${ARGN})
  add_executable(${name} ${ARG_SOURCES})
  target_link_libraries(${name} PRIVATE ${ARG_LINK} dateline_options)
  if(TARGET dateline_sync_for_tsan)
    target_link_libraries(${name} PRIVATE dateline_sync_for_tsan
                          absl::synchronization)
  endif()
endfunction()

# dateline_whole_program(NAME LIBRARIES...): optimises a program and these
# libraries of its as one in release builds. The libraries keep ordinary code
# beside, so that tests link as fast as ever.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # Those libraries hold both kinds of code, and gcc takes the kind that it has
  # to optimise at link wherever it finds one: each test would compile the parser
  # again. Programs that are whole say so.
  add_link_options(-fno-lto)
endif()
function(dateline_whole_program name)
  if(NOT CMAKE_BUILD_TYPE STREQUAL "Release" OR NOT CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    return()
  endif()
  foreach(library ${ARGN})
    get_target_property(options ${library} COMPILE_OPTIONS)
    if(NOT options MATCHES "flto")
      target_compile_options(${library} PRIVATE -O3 -flto=auto -ffat-lto-objects)
    endif()
  endforeach()
  target_link_options(${name} PRIVATE -O3 -flto=auto)
endfunction()
