#include "store/core/article_repository.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "store/core/limits.h"

namespace dateline::store {

void ApplyCounts::Add(ChangeResult result) {
  switch (result) {
    case ChangeResult::kStored:
      ++stored;
      return;
    case ChangeResult::kSeenAgain:
      ++seen_again;
      return;
    case ChangeResult::kStale:
      ++stale;
      return;
    case ChangeResult::kDeleted:
      ++deleted;
      return;
  }
}

absl::Status ArticleRepository::TooManyBytes() {
  return InvalidField(
      "uids", absl::StrCat("their articles have more than ", kMaxPageBytes,
                           " bytes together; ask for fewer, or by read_mask "
                           "for less of each"));
}

absl::StatusOr<SerializedArticle> ArticleRepository::GetSerialized(
    absl::string_view uid) const {
  absl::StatusOr<StoredArticle> stored = Get(uid, {});
  if (!stored.ok()) return stored.status();
  return SerializedArticle{.article = stored->article.SerializeAsString(),
                           .history = std::move(stored->history)};
}

absl::StatusOr<SerializedPage> ArticleRepository::ListSerialized(
    const ListQuery& query) const {
  absl::StatusOr<ArticlePage> page = List(query);
  if (!page.ok()) return page.status();
  SerializedPage serialized = {.next_cursor = std::move(page->next_cursor)};
  for (const v1::Article& article : page->articles) {
    serialized.articles.push_back(article.SerializeAsString());
  }
  return serialized;
}

}  // namespace dateline::store
