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
endfunction()
