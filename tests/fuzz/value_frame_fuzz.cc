// Any bytes as the value of a record, framed for a schema registry or not.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/framing/value_frame.h"
#include "google/protobuf/empty.pb.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

void Check(absl::string_view value) {
  const absl::string_view bytes = WithoutFrame(value);
  Require(absl::EndsWith(value, bytes));
  Require(IsFramed(value) || bytes.size() == value.size());
  // What is left as it is, though it begins as a frame does, is no message.
  google::protobuf::Empty message;
  if (IsFramed(value) && bytes.size() == value.size()) {
    Require(!ParseValue(value, &message));
  }
  for (const std::vector<int>& indexes : {std::vector<int>{0}, {1}, {5, 300}}) {
    const std::string framed = absl::StrCat(ConfluentFrame(7, indexes), value);
    Require(WithoutFrame(framed) == value);
  }
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::TextOf(data, size));
  return 0;
}
