#ifndef DATELINE_PARSER_CORE_LIVE_ENTRIES_H_
#define DATELINE_PARSER_CORE_LIVE_ENTRIES_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/live_blog.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// What became of a block that stands in an entry.
struct EntryBlock {
  int block = -1;
  Verdict verdict;
};

struct WrittenEntries {
  // The boxes of the entries that were written, in document order.
  std::vector<int> boxes;
  // All blocks in them.
  std::vector<EntryBlock> blocks;
};

// Writes the entries of a live blog into `article->live_updates`, in the page's
// order: time, heading, authors, address (the entry's anchor on the page, or
// its own link), and its text as typed blocks. Entries without a heading and
// without text are left out. Pictures go into `article->images` too. Reads the
// article's publish_time, modified_time and publisher.
WrittenEntries WriteLiveEntries(const Document& document,
                                const PageModel& model, const LiveBlog& blog,
                                v1::Article* article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_ENTRIES_H_
