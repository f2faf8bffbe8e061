// Any bytes as a page, HTML and plain: an article or an error, valid UTF-8,
// bounded, and the same each time.
#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "parser/core/article_text.h"
#include "parser/core/extract.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

void CheckArticle(const v1::Article& article, size_t page_bytes) {
  const std::string text = BodyText(article.body());
  RequireReadable(article);
  // A byte that is no UTF-8 becomes three.
  Require(text.size() <= 4 * page_bytes + 1000);
  Require(article.content_sha256().size() == 32);
  for (const v1::Link& link : article.links()) {
    Require(link.block_index() >= 0 &&
            link.block_index() < article.body_size());
  }
}

void Check(const v1::RawPage& page) {
  ExtractOptions options;
  options.explain = true;
  const absl::StatusOr<Extraction> extraction = ExtractArticle(page, options);
  const absl::StatusOr<Extraction> again = ExtractArticle(page, options);
  Require(extraction.status() == again.status());
  if (!extraction.ok()) {
    Require(DeadLetterReasonOf(extraction.status()) !=
            v1::DEAD_LETTER_REASON_UNSPECIFIED);
    return;
  }
  Require(extraction->article.SerializeAsString() ==
          again->article.SerializeAsString());
  CheckArticle(extraction->article, page.body().size());
  RequireReadable(extraction->explanation);
  for (const v1::BlockExplanation& block : extraction->explanation.blocks()) {
    Require(block.block_index() < extraction->article.body_size());
  }
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::v1::RawPage page;
  page.set_url("https://news.example/story");
  page.set_requested_url(page.url());
  page.set_body(reinterpret_cast<const char*>(data), size);
  for (const char* type : {"text/html", "text/plain", ""}) {
    page.set_media_type(type);
    dateline::Check(page);
  }
  return 0;
}
