#include "store/sqlite/article_queries.h"

#include <limits>
#include <optional>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/util/time_util.h"

namespace dateline::store {
namespace {

using google::protobuf::util::TimeUtil;

absl::Status ParseArticle(absl::string_view bytes, v1::Article& article) {
  return article.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))
             ? absl::OkStatus()
             : absl::DataLossError("a stored article can't be read");
}

// "PUBLISH_US:UID" of the last article of the page before.
struct ListCursor {
  int64_t publish_us;
  std::string uid;
};

std::optional<ListCursor> ParseListCursor(absl::string_view text) {
  if (text.empty()) {
    // Behind every uid of the latest time: uids are hexadecimal.
    return ListCursor{std::numeric_limits<int64_t>::max(), "~"};
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  ListCursor cursor = {0, std::string(parts.second)};
  if (!absl::SimpleAtoi(parts.first, &cursor.publish_us)) return std::nullopt;
  return cursor;
}

}  // namespace

absl::StatusOr<StoredArticle> GetArticle(Connection& connection,
                                         absl::string_view uid) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT first_seen_us, last_seen_us, seen_count, revision_count, article "
      "FROM articles WHERE uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->BindText(1, uid).Step();
  if (!row.ok()) return row.status();
  if (!*row) {
    return absl::NotFoundError(
        absl::StrCat("the store has no article with the uid '", uid, "'"));
  }
  StoredArticle stored;
  *stored.history.mutable_first_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(select->Int(0));
  *stored.history.mutable_last_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(select->Int(1));
  stored.history.set_seen_count(select->Int(2));
  stored.history.set_revision_count(select->Int(3));
  absl::Status status = ParseArticle(select->Bytes(4), stored.article);
  if (!status.ok()) return status;
  return stored;
}

absl::StatusOr<ArticlePage> ListArticles(Connection& connection,
                                         const ListQuery& query) {
  const std::optional<ListCursor> cursor = ParseListCursor(query.page.cursor);
  if (!cursor.has_value()) {
    return absl::InvalidArgumentError("page_token: is none of this store");
  }
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT publish_us, uid, article FROM articles "
      "WHERE (publish_us, uid) < (?1, ?2) "
      "ORDER BY publish_us DESC, uid DESC LIMIT ?3");
  if (!select.ok()) return select.status();
  select->Bind(1, cursor->publish_us)
      .BindText(2, cursor->uid)
      .Bind(3, static_cast<int64_t>(query.page.limit) + 1);
  ArticlePage page;
  std::string last;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    if (page.articles.size() == static_cast<size_t>(query.page.limit)) {
      page.next_cursor = last;
      break;
    }
    absl::Status status =
        ParseArticle(select->Bytes(2), page.articles.emplace_back());
    if (!status.ok()) return status;
    last = absl::StrCat(select->Int(0), ":", select->Bytes(1));
  }
  if (!row.ok()) return row.status();
  return page;
}

}  // namespace dateline::store
