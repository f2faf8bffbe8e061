// Any text as an article's in data: by itself and, where it is JSON, as a tree;
// flat (see PageData) where the first line says so.
#include <cstddef>
#include <cstdint>
#include <string>

#include "parser/core/data_markup.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr size_t kBudget = 20000;

void CheckTree(const simdjson::dom::element& root, bool is_flat) {
  const DataView view(root, is_flat);
  size_t left = kBudget;
  const std::string markup = MarkupOfData(view, view.root(), &left);
  size_t left_again = kBudget;
  Require(markup == MarkupOfData(view, view.root(), &left_again));
  Require(left == left_again && left <= kBudget);
  RequireUtf8(markup);
  // What is paid for is less than 100 bytes, an address of a link 2,000; a
  // character becomes seven at most.
  Require(markup.size() <= (kBudget - left + 1) * 7 * 2100);
}

void Check(absl::string_view text) {
  const std::string markup = MarkupOfText(text);
  Require(markup == MarkupOfText(text));
  Require(markup.size() <= 8 * text.size() + 64);
  RequireUtf8(markup);
  Require(FoldedName(text).size() <= 60);
  const bool is_flat = TakeLine(text) == "flat";
  simdjson::dom::parser parser;
  simdjson::dom::element root;
  if (parser.parse(text.data(), text.size()).get(root) == simdjson::SUCCESS) {
    CheckTree(root, is_flat);
  }
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
