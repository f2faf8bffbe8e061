#ifndef DATELINE_PARSER_CORE_LIVE_UPDATES_H_
#define DATELINE_PARSER_CORE_LIVE_UPDATES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/json_ld.h"

namespace dateline {

// Writes the entries of a schema.org LiveBlogPosting into
// `article->live_updates`, in the page's order, kMostLiveUpdates at the most.
// Returns their text, empty where there are none.
std::string WriteLiveUpdates(const JsonLdArticle& json_ld,
                             v1::Article* article);

// The address of an entry, absolute, its fragment kept: `reference` as a
// browser would follow it from `base`. "" where it is no http(s) URL.
std::string LiveUpdateUrl(absl::string_view base, absl::string_view reference);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_UPDATES_H_
