#ifndef DATELINE_PARSER_CORE_DATA_TEXT_H_
#define DATELINE_PARSER_CORE_DATA_TEXT_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/content_weight.h"

namespace dateline {

// An article's text that a page holds as data rather than as markup.
struct DataText {
  // The text as an HTML page of its own.
  std::string markup;
  // The title that stands beside it; "" where there is none.
  std::string title;
  // Whether the title is the page's, whatever its markup says: it shows no text
  // and its data holds one article.
  bool is_only_article = false;
  v1::EvidenceSource source = v1::EVIDENCE_SOURCE_UNSPECIFIED;
  // Where it stands: "articleBody", or the keys that lead to it.
  std::string detail;
};

// What is known of the page whose data is looked through.
struct DataTextQuery {
  // The page's source.
  absl::string_view source;
  // JSON-LD's articleBody, as it stands there.
  absl::string_view article_body;
  const BodyClues& clues;
  // The text that the markup gives, and its words.
  absl::string_view shown;
  double shown_words = 0;
};

// More words than these in the markup are the article, whatever data says.
inline constexpr double kEnoughShownWords = 150;

// The article's text in the page's data, where that is at least three times
// what the markup gives: in a script with application data (see FindPageData),
// under the page's title or around the words it shows, else in JSON-LD. Nothing
// where the markup has enough. Bounded as FindPageData is; deterministic.
absl::optional<DataText> FindDataText(const DataTextQuery& query);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATA_TEXT_H_
