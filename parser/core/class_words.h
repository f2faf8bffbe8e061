#ifndef DATELINE_PARSER_CORE_CLASS_WORDS_H_
#define DATELINE_PARSER_CORE_CLASS_WORDS_H_

#include <cstdint>

#include "absl/strings/string_view.h"

namespace dateline {

// What the names that a page gives to its parts say of them: a set of bits.
using Hints = uint32_t;

enum Hint : Hints {
  kHintBody = 1u << 0,      // "article-body", "entry-content"
  kHintArticle = 1u << 1,   // "article", "story", "post"
  kHintComments = 1u << 2,  // "comments", "disqus"
  kHintRelated = 1u << 3,   // "related", "most-read", "teaser"
  kHintNavigation = 1u << 4,
  kHintShare = 1u << 5,
  kHintPromotion = 1u << 6,  // "newsletter", "subscribe"
  kHintAdvert = 1u << 7,
  kHintMeta = 1u << 8,  // "byline", "timestamp", "tags"
  kHintFooter = 1u << 9,
  kHintHeader = 1u << 10,
  kHintSidebar = 1u << 11,
  kHintCaption = 1u << 12,
  kHintHidden = 1u << 13,
  kHintPullQuote = 1u << 14,
  kHintDeck = 1u << 15,    // "standfirst", "subtitle"
  kHintNotice = 1u << 16,  // "cookie", "paywall", "login"
  kHintFactBox = 1u << 17,
  kHintTitle = 1u << 18,
  kHintEmbed = 1u << 19,
  kHintBio = 1u << 20,         // "author-bio"
  kHintWeakTeaser = 1u << 21,  // "teaser", "card", "promo": often furniture
  kHintLive = 1u << 22,        // an entry of a live blog
  kHintGallery = 1u << 23,
  kHintMedia = 1u << 24,       // "image", "photo"
  kHintAriaHidden = 1u << 25,  // hidden from screen readers only
  kHintPaywall = 1u << 26,     // text that readers pay for
  kHintLiveBlog = 1u << 27,    // a live blog as a whole
};

// Reads a class or id attribute: words split at anything but letters and
// digits and at changes from lower to upper case.
Hints HintsOfName(absl::string_view name);

// The stable word and the sentence that explain a drop for one of `hints`'
// bits; "" where none of them is a reason.
struct HintReason {
  absl::string_view rule;
  absl::string_view sentence;
};
HintReason ReasonOf(Hints hints);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CLASS_WORDS_H_
