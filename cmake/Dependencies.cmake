# Every library that Dateline links. deploy/local/install brings them.

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_C_COMPILER_LAUNCHER ${CCACHE})
  set(CMAKE_CXX_COMPILER_LAUNCHER ${CCACHE})
endif()
find_program(MOLD mold)
if(MOLD)
  add_link_options(-fuse-ld=mold)
endif()

set(THREADS_PREFER_PTHREAD_FLAG ON)
find_package(Threads REQUIRED)
find_package(PkgConfig REQUIRED)

# Protobuf must be found in module mode before gRPC: Debian's has no config.
find_package(Protobuf REQUIRED)
find_package(absl CONFIG REQUIRED)
find_package(gRPC CONFIG REQUIRED)
find_package(OpenSSL REQUIRED)
find_package(CURL REQUIRED)
find_package(ZLIB REQUIRED)
find_package(LibXml2 REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n data)
find_package(SQLite3 REQUIRED)
find_package(spdlog CONFIG REQUIRED)
find_package(nlohmann_json CONFIG REQUIRED)
find_package(simdjson CONFIG REQUIRED)
find_package(yaml-cpp CONFIG REQUIRED)
find_package(prometheus-cpp CONFIG REQUIRED COMPONENTS core pull)
find_package(RdKafka CONFIG REQUIRED)
pkg_check_modules(PSL REQUIRED IMPORTED_TARGET libpsl)
pkg_check_modules(RE2 REQUIRED IMPORTED_TARGET re2)

# Lexbor's own package file names one library for the whole.
find_library(LEXBOR_LIBRARY lexbor_static REQUIRED)
find_path(LEXBOR_INCLUDE_DIR lexbor/html/html.h REQUIRED)
add_library(lexbor::lexbor STATIC IMPORTED)
set_target_properties(lexbor::lexbor PROPERTIES
  IMPORTED_LOCATION ${LEXBOR_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${LEXBOR_INCLUDE_DIR})

# The protocol files of error details, which Debian's gRPC lacks.
find_path(GOOGLEAPIS_DIR google/rpc/error_details.proto
  PATHS ${CMAKE_SOURCE_DIR}/build/deps/googleapis REQUIRED)

# Debian ships neither CMake nor pkg-config files for CLD2.
find_library(CLD2_LIBRARY cld2 REQUIRED)
find_path(CLD2_INCLUDE_DIR cld2/public/compact_lang_det.h REQUIRED)
add_library(cld2::cld2 SHARED IMPORTED)
set_target_properties(cld2::cld2 PROPERTIES
  IMPORTED_LOCATION ${CLD2_LIBRARY}
  INTERFACE_INCLUDE_DIRECTORIES ${CLD2_INCLUDE_DIR})

if(DATELINE_TESTS STREQUAL AUTO)
  find_package(GTest QUIET)
elseif(DATELINE_TESTS)
  find_package(GTest REQUIRED)
endif()
