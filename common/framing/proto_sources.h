#ifndef DATELINE_COMMON_FRAMING_PROTO_SOURCES_H_
#define DATELINE_COMMON_FRAMING_PROTO_SOURCES_H_

#include "absl/strings/string_view.h"

namespace dateline {

// The text of a file of the protocol, comments included, by the name it is
// imported under: "dateline/v1/page.proto". Empty where there is no such file.
absl::string_view ProtoSource(absl::string_view name);

}  // namespace dateline

#endif  // DATELINE_COMMON_FRAMING_PROTO_SOURCES_H_
