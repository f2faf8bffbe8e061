#ifndef DATELINE_PARSER_CORE_LIVE_BLOG_H_
#define DATELINE_PARSER_CORE_LIVE_BLOG_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/live_time.h"
#include "parser/core/page_model.h"

namespace dateline {

// One entry: its box, and when it says that it was written.
struct LiveEntry {
  int box = -1;
  EntryTime time;
};

// A live blog as the markup shows it.
struct LiveBlog {
  // Its entries, in document order, none within another; kMostLiveUpdates at
  // the most. Empty where the page is no live blog.
  std::vector<LiveEntry> entries;
  // Whether there were more.
  bool is_cut_off = false;
  // MICRODATA for itemprop=liveBlogUpdate, else MARKUP.
  v1::EvidenceSource source = v1::EVIDENCE_SOURCE_MARKUP;
};

// Finds the entries of a live blog: three or more boxes of one shape (two where
// each is marked as an entry), most with a time and all with text, that hold a
// good part of the page's text. Something has to
// say that it is one: class words or microdata on, in or around the entries,
// or the page's address, headline or type. Entries whose headings lead to other
// pages are teasers, or posts on a blog's front page; those with a line to
// answer them are comments. `article` as ReadMetadata leaves it.
LiveBlog FindLiveBlog(const Document& document, const PageModel& model,
                      const v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_BLOG_H_
