// Any page's source, for the data that its scripts hold.
#include <cstddef>
#include <cstdint>
#include <vector>

#include "parser/core/page_data.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

bool Holds(absl::string_view whole, absl::string_view part) {
  return part.empty() ||
         (part.data() >= whole.data() &&
          part.data() + part.size() <= whole.data() + whole.size());
}

void Check(absl::string_view source) {
  const std::vector<PageData> found = FindPageData(source);
  const std::vector<PageData> again = FindPageData(source);
  Require(found.size() <= 40 && found.size() == again.size());
  for (size_t i = 0; i < found.size(); ++i) {
    Require(found[i].text() == again[i].text());
    Require(found[i].is_flat == again[i].is_flat);
    Require(Holds(source, found[i].json));
    Require(found[i].json.empty() || found[i].unescaped.empty());
    // An escape is longer than what it stands for.
    Require(found[i].text().size() >= 300 &&
            found[i].text().size() <= source.size());
    RequireUtf8(found[i].text());
  }
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
