#ifndef DATELINE_PARSER_CORE_LIVE_ENTRIES_H_
#define DATELINE_PARSER_CORE_LIVE_ENTRIES_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/live_blog.h"
#include "parser/core/page_model.h"

namespace dateline {

// Writes the entries of a live blog into `article->live_updates`, in the page's
// order: time, heading, authors, address (the entry's anchor on the page, or
// its own link), and its text as typed blocks. Pictures go into
// `article->images` too. Reads the article's publish_time, modified_time and
// publisher. Returns the boxes of the entries.
std::vector<int> WriteLiveEntries(const Document& document,
                                  const PageModel& model, const LiveBlog& blog,
                                  v1::Article* article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_ENTRIES_H_
