#ifndef DATELINE_PARSER_EXPLAIN_RENDER_H_
#define DATELINE_PARSER_EXPLAIN_RENDER_H_

#include <string>

#include "absl/status/status.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/extract.h"

namespace dateline {

// One self-contained HTML page that shows how `page` was read: on the left its
// blocks as received, kept ones marked, dropped ones greyed, each with its
// reason; on the right the article with the evidence for every field.
// `extraction` is made with ExtractOptions::explain. Where `status` is not OK,
// there is no article, and the right side says why.
//
// Safe to open whatever the page holds: none of its markup is passed on, only
// text, escaped; nothing is loaded, and a Content-Security-Policy forbids all
// but the page's own style. At most some 40 MB for a page of kMaxPageBytes.
std::string RenderExplanation(const v1::RawPage& page,
                              const Extraction& extraction,
                              const absl::Status& status = absl::OkStatus());

}  // namespace dateline

#endif  // DATELINE_PARSER_EXPLAIN_RENDER_H_
