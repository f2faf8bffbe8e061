#ifndef DATELINE_PARSER_EXPLAIN_ARTICLE_SIDE_H_
#define DATELINE_PARSER_EXPLAIN_ARTICLE_SIDE_H_

#include "absl/status/status.h"
#include "parser/core/extract.h"
#include "parser/explain/html_writer.h"

namespace dateline::explain {

// Writes the article as extracted: fields with their evidence, warnings, body
// and live updates; or, where `status` is not OK, why there is none.
void WriteArticleSide(const Extraction& extraction, const absl::Status& status,
                      HtmlWriter* out);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_ARTICLE_SIDE_H_
