#include "parser/explain/explain_page.h"

#include "absl/status/status.h"
#include "parser/explain/render.h"

namespace dateline {

std::string ExplainPage(const v1::RawPage& page, ExtractOptions options) {
  Extraction extraction;
  const absl::Status status = ExplainArticle(page, options, &extraction);
  return RenderExplanation(page, extraction, status);
}

}  // namespace dateline
