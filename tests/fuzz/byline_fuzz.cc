// Any text as a byline.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "parser/core/byline.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

void Check(absl::string_view text) {
  const std::vector<std::string> names = NamesInByline(text);
  Require(names == NamesInByline(text));
  Require(names.size() <= 30);
  for (const std::string& name : names) {
    // NFC makes text three times as long at most.
    Require(!name.empty() && name.size() <= 3 * text.size());
    RequireUtf8(name);
    Require(std::count(names.begin(), names.end(), name) == 1);
    Require(KindOfName(name, text, "news.example") ==
            KindOfName(name, text, "news.example"));
    Require(IsPlausibleName(name) == IsPlausibleName(name));
  }
  Require(IsPlausibleName(text) == IsPlausibleName(text));
  Require(OpensByline(text) == OpensByline(text));
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
