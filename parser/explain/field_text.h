#ifndef DATELINE_PARSER_EXPLAIN_FIELD_TEXT_H_
#define DATELINE_PARSER_EXPLAIN_FIELD_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline::explain {

// A time as the article has it, no more exact than it is stated:
// "2026-03-09 12:15 +00:00, to the minute". Empty where it isn't known.
std::string TimeText(const v1::ArticleTime& time);

// "LIVE_BLOG" of "ARTICLE_TYPE_LIVE_BLOG", in lower case with spaces; empty for
// the unspecified value.
std::string EnumText(absl::string_view name, absl::string_view prefix);

// "Jonah Redfern (person)".
std::string AuthorText(const v1::Author& author);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_FIELD_TEXT_H_
