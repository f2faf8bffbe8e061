#ifndef DATELINE_FETCHER_CORE_PLAIN_TEXT_H_
#define DATELINE_FETCHER_CORE_PLAIN_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// The text of a piece of HTML in a feed: without tags, named and numeric
// character references resolved once, white space collapsed. Bounded by
// `max_bytes`, cut between characters. `html` is UTF-8.
std::string PlainText(absl::string_view html, size_t max_bytes);

// White space collapsed and trimmed, cut as above; nothing else.
std::string CollapseSpace(absl::string_view text, size_t max_bytes);

// The character that a named HTML entity ("nbsp") stands for in UTF-8; empty
// where there is none of that name.
std::string NamedEntity(absl::string_view name);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_PLAIN_TEXT_H_
