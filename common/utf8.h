#ifndef DATELINE_COMMON_UTF8_H_
#define DATELINE_COMMON_UTF8_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// `text` with U+FFFD for every byte that is no part of well-formed UTF-8.
// Protobuf takes no message whose strings have such bytes, and headers, and
// what libxml2 makes of broken XML, do have them.
std::string ValidUtf8(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_COMMON_UTF8_H_
