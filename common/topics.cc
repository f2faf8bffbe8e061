#include "common/topics.h"

#include "absl/strings/str_cat.h"

namespace dateline {

TopicNames::TopicNames(absl::string_view prefix)
    : sources(absl::StrCat(prefix, "sources")),
      frontier(absl::StrCat(prefix, "frontier")),
      imports(absl::StrCat(prefix, "imports")),
      pages(absl::StrCat(prefix, "pages")),
      pages_backfill(absl::StrCat(prefix, "pages.backfill")),
      articles(absl::StrCat(prefix, "articles")),
      dead_letters(absl::StrCat(prefix, "dead-letters")) {}

}  // namespace dateline
