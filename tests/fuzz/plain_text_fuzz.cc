// Any text as a text/plain article.
#include <cstddef>
#include <cstdint>
#include <string>

#include "parser/core/article_text.h"
#include "parser/core/plain_text.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

void Check(absl::string_view text) {
  v1::Article article;
  v1::Explanation explanation;
  const bool found = ReadPlainText(text, &article, &explanation);
  v1::Article again;
  // The explanation changes nothing.
  Require(ReadPlainText(text, &again, nullptr) == found);
  Require(again.SerializeAsString() == article.SerializeAsString());
  RequireReadable(article);
  RequireReadable(explanation);
  // NFC makes text three times as long at most.
  const size_t most_bytes = 3 * text.size() + 1000;
  Require(BodyText(article.body()).size() <= most_bytes);
  Require(article.headline().size() <= most_bytes);
  for (const v1::BlockExplanation& block : explanation.blocks()) {
    Require(block.kept() == (block.block_index() >= 0));
    Require(block.block_index() < article.body_size());
    Require(!block.rule().empty() && !block.reason().empty());
  }
  if (found) Require(article.body_size() > 0);
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
