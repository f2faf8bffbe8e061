#ifndef DATELINE_PARSER_CORE_JSON_LD_H_
#define DATELINE_PARSER_CORE_JSON_LD_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"

namespace dateline {

// Entries of a live blog that an article has at the most.
inline constexpr size_t kMostLiveUpdates = 1000;

// A person or organisation as JSON-LD names it.
struct JsonLdAgent {
  std::string name;
  std::string url;
  std::string type;  // "Person", "Organization", ...; "" where not said
};

struct JsonLdImage {
  std::string url;
  std::string caption;
  std::string credit;
  int width = 0;
  int height = 0;
};

// One entry of a LiveBlogPosting.
struct JsonLdLiveUpdate {
  std::string headline;
  std::string date_published;
  std::string article_body;
  std::string url;
  std::vector<JsonLdAgent> authors;
};

// What the JSON-LD scripts of a page say of its article: schema.org's
// properties under their own names. Strings are as the script has them, markup
// and character references included (see PlainText).
struct JsonLdArticle {
  bool found = false;  // a node of an article's type
  std::vector<std::string> types;
  std::string headline;
  std::string name;
  std::string alternative_headline;
  std::string description;
  std::string article_body;
  std::vector<JsonLdAgent> authors;
  std::string date_published;
  std::string date_modified;
  std::string date_created;
  std::vector<std::string> sections;
  std::vector<std::string> keywords;
  std::vector<std::string> about;
  std::vector<JsonLdImage> images;
  std::string url;
  std::string in_language;
  JsonLdAgent publisher;
  std::string publisher_country;  // addressCountry
  absl::optional<bool> is_accessible_for_free;
  std::vector<JsonLdLiveUpdate> live_updates;
};

// Reads the data of all `application/ld+json` scripts of the page at `url`.
// Broken JSON is mended as far as it goes (see MendJson); what can't be read is
// left out. Where several nodes are articles, the one about this page wins, and
// a WebPage node fills what it leaves open. Bounded: 2 MB, 20,000 values,
// nesting of 64.
JsonLdArticle ReadJsonLd(const std::vector<std::string>& scripts,
                         absl::string_view url);

// Makes JSON of what people write for it: drops comments, CDATA and HTML
// comment marks, commas before a closing bracket and stray brackets, escapes
// control characters and quotes within strings, closes what was cut off. Gives
// an array of all the documents that stand one after another.
std::string MendJson(absl::string_view json);

// A JSON-LD string as plain text: tags dropped, the common character references
// resolved, white space folded.
std::string PlainText(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_JSON_LD_H_
