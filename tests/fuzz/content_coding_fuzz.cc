// A line as Content-Encoding, and what is behind it as a body in that: no more
// comes of it than is allowed, and the same again.
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/content_coding.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr size_t kMaxBody = 1 << 16;

void Check(absl::string_view text) {
  const size_t end = text.find('\n');
  const absl::StatusOr<std::vector<std::string>> codings =
      ParseContentCodings(text.substr(0, end));
  if (!codings.ok()) return RequireUtf8(codings.status().message());
  Require(codings->size() <= 5);
  for (const std::string& name : *codings) {
    Require(ParseContentCodings(name).value() == std::vector{name});
  }
  const absl::string_view body =
      end == absl::string_view::npos ? "" : text.substr(end + 1);
  const std::vector<absl::string_view> names(codings->begin(), codings->end());
  const absl::StatusOr<std::string> undone =
      UndoContentCodings(names, body, kMaxBody);
  const absl::StatusOr<std::string> again =
      UndoContentCodings(names, body, kMaxBody);
  Require(undone.status() == again.status());
  if (!undone.ok()) return RequireUtf8(undone.status().message());
  Require(*undone == *again && undone->size() <= kMaxBody);
  Require(!names.empty() || *undone == body);
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::TextOf(data, size));
  return 0;
}
