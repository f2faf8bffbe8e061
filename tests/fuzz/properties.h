#ifndef DATELINE_TESTS_FUZZ_PROPERTIES_H_
#define DATELINE_TESTS_FUZZ_PROPERTIES_H_

#include <cstddef>
#include <cstdint>
#include <cstdlib>

#include "absl/strings/string_view.h"
#include "common/utf8.h"

// What fuzz targets share. One that finds a property broken ends the process.

namespace dateline {

inline void Require(bool holds) {
  if (!holds) std::abort();
}

inline absl::string_view TextOf(const uint8_t* data, size_t size) {
  return {reinterpret_cast<const char*>(data), size};
}

inline void RequireUtf8(absl::string_view text) {
  Require(ValidUtf8(text) == text);
}

// A Protobuf message whose strings are all valid UTF-8: others are written, and
// can't be read back.
template <typename Message>
void RequireReadable(const Message& message) {
  Require(Message().ParseFromString(message.SerializeAsString()));
}

// Takes the first line off `text`, for targets with more than one input.
inline absl::string_view TakeLine(absl::string_view& text) {
  const size_t end = text.find('\n');
  const absl::string_view line = text.substr(0, end);
  text = end == absl::string_view::npos ? "" : text.substr(end + 1);
  return line;
}

}  // namespace dateline

#endif  // DATELINE_TESTS_FUZZ_PROPERTIES_H_
