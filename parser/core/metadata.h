#ifndef DATELINE_PARSER_CORE_METADATA_H_
#define DATELINE_PARSER_CORE_METADATA_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/document.h"
#include "parser/core/json_ld.h"
#include "parser/core/metadata_evidence.h"

namespace dateline {

// What a page says of itself that the reader of its body can use. The nodes
// belong to the document.
struct PageMetadata {
  // JSON-LD's article: `article_body` for comparison, `live_updates`.
  JsonLdArticle json_ld;
  // Every title the page gives itself, the headline first: a body paragraph
  // that equals one of them is no paragraph.
  std::vector<std::string> headlines;
  // Every summary the page gives of itself.
  std::vector<std::string> descriptions;
  // The elements that headline, byline and time were read from, or could have
  // been; nullptr or empty where there is none.
  const Node* headline_node = nullptr;
  std::vector<const Node*> byline_nodes;
  std::vector<const Node*> date_nodes;
};

// Reads all that markup, URL, headers and the feed's hints say of an article:
// headline, alternative_headline, description, authors, publish_time,
// modified_time, section, keywords, access, article_type, publisher,
// canonical_url, the lead image and rights, and the evidence for each. Language
// is what markup says, with the confidence that deserves; see RefineLanguage.
// `explain` keeps the evidence that lost, too. Pure; any threads.
PageMetadata ReadMetadata(const Document& document, const v1::RawPage& page,
                          bool explain, v1::Article& article);

// The same for a page without markup: URL, headers and hints only.
void ReadPlainMetadata(const v1::RawPage& page, bool explain,
                       v1::Article& article);

// Weighs what markup said against the text's own language (CLD2 on its first
// kilobytes) and sets `article.language`. 1 where the two agree.
void RefineLanguage(absl::string_view text, bool explain, v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_METADATA_H_
