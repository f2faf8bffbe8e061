#ifndef DATELINE_PARSER_CORE_ARTICLE_TIME_TEXT_H_
#define DATELINE_PARSER_CORE_ARTICLE_TIME_TEXT_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "parser/core/node.h"

namespace dateline {

// A text of the page that has digits and may say when.
struct DatedText {
  Node* node = nullptr;
  std::string text;
  bool is_sentence = false;
  // Whether words in it say that its date is that of a change: "Updated",
  // "zuletzt geändert", "mis à jour".
  bool is_change = false;
};

// The texts that may date the piece, likeliest first: by their distance from
// the headline, those behind it before those in front of it. Short lines come
// before sentences; of a paragraph that begins with a number its beginning is
// one. Some thousands at most.
std::vector<DatedText> DatedTextsNear(Node* body, const Node* headline);

// The time that a page's application data gives under a name like
// "publishedAt", as it stands there; "" where there is none. `page` is the page
// as received, in a charset that begins with ASCII; 4 MiB are read.
std::string TimeInData(absl::string_view page);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ARTICLE_TIME_TEXT_H_
