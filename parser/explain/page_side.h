#ifndef DATELINE_PARSER_EXPLAIN_PAGE_SIDE_H_
#define DATELINE_PARSER_EXPLAIN_PAGE_SIDE_H_

#include "dateline/v1/explanation.pb.h"
#include "parser/explain/html_writer.h"
#include "parser/explain/rule_count.h"

namespace dateline::explain {

// Writes the page as received: every block once, in document order, with what
// became of it, by which rule and why. Block N of the page is `#pN`; one that
// was kept links to `#bM`, its place in the article. What would make more than
// `max_bytes` is left off, and said to be.
void WritePageSide(const v1::Explanation& explanation, const RuleCounts& counts,
                   size_t max_bytes, HtmlWriter* out);

inline constexpr size_t kMaxPageSideBytes = size_t{16} << 20;

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_PAGE_SIDE_H_
