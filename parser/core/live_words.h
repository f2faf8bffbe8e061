#ifndef DATELINE_PARSER_CORE_LIVE_WORDS_H_
#define DATELINE_PARSER_CORE_LIVE_WORDS_H_

#include "absl/strings/string_view.h"

namespace dateline {

// Whether an address or a headline says that a page is a live blog, in some
// twenty languages: "/liveblog/", "+++ … im Liveticker +++", "minuto a minuto".
bool NamesLiveBlog(absl::string_view url, absl::string_view headline);

// Whether a line invites to answer or to report a comment: "Reply",
// "Antworten". `normalized` as NormalizedLine leaves it.
bool IsReplyTool(absl::string_view normalized);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_WORDS_H_
