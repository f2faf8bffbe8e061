# cmake -DOUTPUT=FILE.cc -DROOT=FOLDER -DPROTOS=FILES -P EmbedProtos.cmake:
# writes the text of protocol files as C++ (common/framing/proto_sources.h).
set(entries "")
foreach(proto ${PROTOS})
  file(READ ${ROOT}/${proto} text)
  string(APPEND entries "    {\"${proto}\", R\"protofile(${text})protofile\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"common/framing/proto_sources.h\"

#include <utility>

namespace dateline {
namespace {

constexpr std::pair<absl::string_view, absl::string_view> kSources[] = {
${entries}};

}  // namespace

absl::string_view ProtoSource(absl::string_view name) {
  for (const auto& [file, text] : kSources) {
    if (file == name) return text;
  }
  return {};
}

}  // namespace dateline
")
