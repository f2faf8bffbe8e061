#ifndef DATELINE_PARSER_EXPLAIN_EXPLAIN_PAGE_H_
#define DATELINE_PARSER_EXPLAIN_EXPLAIN_PAGE_H_

#include <string>

#include "dateline/v1/page.pb.h"
#include "parser/core/extract.h"

namespace dateline {

// Extracts the article of a page and renders how, as RenderExplanation. A page
// without article is rendered with its blocks, as far as they can be read, and
// the reason. `options.explain` is taken as set.
std::string ExplainPage(const v1::RawPage& page, ExtractOptions options);

}  // namespace dateline

#endif  // DATELINE_PARSER_EXPLAIN_EXPLAIN_PAGE_H_
