#ifndef DATELINE_PARSER_CORE_LIVE_UPDATES_H_
#define DATELINE_PARSER_CORE_LIVE_UPDATES_H_

#include <string>

#include "dateline/v1/article.pb.h"
#include "parser/core/json_ld.h"

namespace dateline {

// Writes the entries of a schema.org LiveBlogPosting into
// `article->live_updates`, in the page's order, at most 1,000. Returns their
// text, empty where there are none.
std::string WriteLiveUpdates(const JsonLdArticle& json_ld,
                             v1::Article* article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_UPDATES_H_
