#ifndef DATELINE_PARSER_CORE_METADATA_CLASS_WORDS_H_
#define DATELINE_PARSER_CORE_METADATA_CLASS_WORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dateline {

// What class names and ids say an element is for, as bits.
enum ClassWord : uint32_t {
  kDateWord = 1 << 0,        // "published", "entry-date", "datum"
  kModifiedWord = 1 << 1,    // "updated", "date-modified"
  kBylineWord = 1 << 2,      // "byline", "author", "autor"
  kTagWord = 1 << 3,         // "tags", "article-keywords", "topics"
  kHeadlineWord = 1 << 4,    // "headline", "entry-title"
  kKickerWord = 1 << 5,      // "kicker", "overline", "dachzeile"
  kElsewhereWord = 1 << 6,   // "comments", "related", "sidebar", "footer"
  kDeckWord = 1 << 7,        // "subtitle", "standfirst", "lead"
  kPaywallWord = 1 << 8,     // "paywall", "subscriber-only"
  kPhotoWord = 1 << 9,       // "photographer", "image-credit", "caption"
  kNameWord = 1 << 10,       // "author-name", "byline__name"
  kAboutWord = 1 << 11,      // "author-bio", "author-description"
  kSectionWord = 1 << 12,    // "breadcrumb", "category"
  kFooterWord = 1 << 13,     // "footer"
  kOwnFooterWord = 1 << 14,  // "entry-footer": an article's own
};

// The bits of all words in a class or id attribute. One pass over the text;
// case, "-", "_" and camelCase part words. Thread-safe.
uint32_t ClassWords(absl::string_view text);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_METADATA_CLASS_WORDS_H_
