// The fuzz target over filters, cut and changed, as an ordinary test.
#include <cstddef>
#include <cstdint>
#include <random>
#include <string>

#include "gtest/gtest.h"
#include "tests/store/filter_random.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace dateline::store::filter {
namespace {

void Feed(const std::string& text) {
  LLVMFuzzerTestOneInput(reinterpret_cast<const uint8_t*>(text.data()),
                         text.size());
}

TEST(FilterCorpus, HoldsItsPropertiesOnChangedFilters) {
  Random random(7);
  std::mt19937 engine(7);
  for (int i = 0; i < 3000; ++i) {
    std::string text = random.MakeFilter(2).text;
    Feed(text);
    Feed(text.substr(0, engine() % text.size()));
    for (int changes = 0; changes < 3; ++changes) {
      text[engine() % text.size()] = static_cast<char>(engine());
      Feed(text);
    }
  }
}

TEST(FilterCorpus, HoldsItsPropertiesOnExtremes) {
  for (const char c : {'(', ')', '-', '*', '\\', '"', ':', '=', 'a', '\0'}) {
    Feed(std::string(8192, c));
    Feed(std::string(9000, c));
  }
  std::string nested;
  for (int i = 0; i < 2000; ++i) nested += "NOT(";
  Feed(nested);
}

}  // namespace
}  // namespace dateline::store::filter
