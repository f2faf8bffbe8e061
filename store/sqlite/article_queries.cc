#include "store/sqlite/article_queries.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "google/protobuf/util/time_util.h"
#include "store/core/limits.h"
#include "store/core/read_mask.h"
#include "store/core/serialized_article.h"
#include "store/sqlite/article_filter.h"
#include "store/sqlite/keyset.h"

namespace dateline::store {
namespace {

using google::protobuf::FieldMask;
using google::protobuf::util::TimeUtil;

// $0: the column of the order, $1: the comparison with the cursor, $2: the
// filter, $3: the direction.
constexpr char kList[] =
    "SELECT articles.$0, articles.uid, contents.article FROM articles "
    "CROSS JOIN contents ON contents.id = articles.id "
    "WHERE (articles.$0, articles.uid) $1 (?1, ?2) AND $2 "
    "ORDER BY articles.$0 $3, articles.uid $3 LIMIT ?3";

std::string ListSql(const ListOrder& order, const ArticleFilter& where) {
  const char* column =
      order.field == ListOrder::Field::kPublishTime ? "publish_us" : "fetch_us";
  return absl::Substitute(kList, column, order.descending ? "<" : ">",
                          where.sql(), order.descending ? "DESC" : "ASC");
}

// None where there is no such article.
absl::Status AppendArticle(Connection& connection, const std::string& uid,
                           const FieldMask& read_mask,
                           std::vector<v1::Article>& articles) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT contents.article FROM articles "
      "JOIN contents ON contents.id = articles.id WHERE uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->BindText(1, uid).Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::OkStatus();
  if (!IsSerializedArticle(select->Bytes(0))) return DamagedArticle(uid);
  absl::StatusOr<v1::Article> article =
      ParseMasked(select->Bytes(0), read_mask);
  if (!article.ok()) return article.status();
  article->set_uid(uid);
  articles.push_back(*std::move(article));
  return absl::OkStatus();
}

// The rows of kList.
absl::StatusOr<SerializedPage> ReadPage(Statement& select,
                                        const ListQuery& query) {
  SerializedPage page;
  size_t page_bytes = 0;
  TimeKey last;
  int rows = 0;
  absl::StatusOr<bool> row = false;
  while ((row = select.Step()).ok() && *row) {
    if (rows == query.page.limit) {
      page.next_cursor = ToCursor(last);
      return page;
    }
    TimeKey key = {select.Int(0), std::string(select.Bytes(1))};
    if (IsSerializedArticle(select.Bytes(2))) {
      absl::StatusOr<std::string> article =
          MaskSerialized(select.Bytes(2), query.read_mask);
      if (!article.ok()) return article.status();
      if (!FitsPage(query.page, page.articles.size(), page_bytes,
                    article->size())) {
        page.next_cursor = ToCursor(last);
        return page;
      }
      page_bytes += article->size();
      page.articles.push_back(*std::move(article));
    } else {
      page.damaged.push_back(key.uid);
    }
    ++rows;
    last = std::move(key);
  }
  if (!row.ok()) return row.status();
  return page;
}

}  // namespace

absl::Status NoArticle(absl::string_view uid) {
  return absl::NotFoundError(
      absl::StrCat("the store has no article with the uid '", uid, "'"));
}

bool FitsPage(const PageLimits& limits, size_t count, size_t page_bytes,
              size_t size_bytes) {
  return count == 0 || (count < static_cast<size_t>(limits.limit) &&
                        page_bytes + size_bytes <= limits.max_bytes);
}

absl::StatusOr<SerializedArticle> GetSerializedArticle(Connection& connection,
                                                       absl::string_view uid) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT first_seen_us, last_seen_us, seen_count, revision_count, "
      "contents.article FROM articles "
      "JOIN contents ON contents.id = articles.id WHERE uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->BindText(1, uid).Step();
  if (!row.ok()) return row.status();
  if (!*row) return NoArticle(uid);
  if (!IsSerializedArticle(select->Bytes(4))) return DamagedArticle(uid);
  SerializedArticle stored;
  *stored.history.mutable_first_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(select->Int(0));
  *stored.history.mutable_last_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(select->Int(1));
  stored.history.set_seen_count(select->Int(2));
  stored.history.set_revision_count(select->Int(3));
  stored.article = std::string(select->Bytes(4));
  return stored;
}

absl::StatusOr<StoredArticle> GetArticle(Connection& connection,
                                         absl::string_view uid,
                                         const FieldMask& read_mask) {
  absl::StatusOr<SerializedArticle> stored =
      GetSerializedArticle(connection, uid);
  if (!stored.ok()) return stored.status();
  absl::StatusOr<v1::Article> article = ParseMasked(stored->article, read_mask);
  if (!article.ok()) return article.status();
  return StoredArticle{.article = *std::move(article),
                       .history = std::move(stored->history)};
}

absl::StatusOr<std::vector<v1::Article>> BatchGetArticles(
    Connection& connection, const std::vector<std::string>& uids,
    const FieldMask& read_mask) {
  std::vector<v1::Article> articles;
  size_t size_bytes = 0;
  for (const std::string& uid : uids) {
    const size_t count = articles.size();
    absl::Status status = AppendArticle(connection, uid, read_mask, articles);
    if (!status.ok()) return status;
    if (articles.size() == count) continue;
    size_bytes += articles.back().ByteSizeLong();
    if (size_bytes > kMaxPageBytes) return ArticleRepository::TooManyBytes();
  }
  return articles;
}

absl::StatusOr<ArticlePage> ListArticles(Connection& connection,
                                         const ListQuery& query) {
  absl::StatusOr<SerializedPage> serialized =
      ListSerializedArticles(connection, query);
  if (!serialized.ok()) return serialized.status();
  ArticlePage page = {.next_cursor = std::move(serialized->next_cursor),
                      .damaged = std::move(serialized->damaged)};
  for (const std::string& bytes : serialized->articles) {
    if (!page.articles.emplace_back().ParseFromString(bytes)) {
      return absl::InternalError("a sound article can't be read");
    }
  }
  return page;
}

absl::StatusOr<SerializedPage> ListSerializedArticles(Connection& connection,
                                                      const ListQuery& query) {
  const absl::StatusOr<TimeKey> begin =
      TimeKeyOf(query.page.cursor, query.order.descending);
  if (!begin.ok()) return begin.status();
  const ArticleFilter where(query.filter, 4);
  absl::StatusOr<Statement> select =
      where.Prepare(connection, ListSql(query.order, where));
  if (!select.ok()) return select.status();
  select->Bind(1, begin->time_us)
      .BindText(2, begin->uid)
      .Bind(3, static_cast<int64_t>(query.page.limit) + 1);
  return ReadPage(*select, query);
}

absl::StatusOr<Usage> MeasureUsage(Connection& connection) {
  const absl::StatusOr<int64_t> articles =
      connection.QueryInt("SELECT count(*) FROM articles");
  if (!articles.ok()) return articles.status();
  const absl::StatusOr<int64_t> size_bytes = connection.QueryInt(
      "SELECT (page_count - freelist_count) * page_size FROM "
      "pragma_page_count, pragma_freelist_count, pragma_page_size");
  if (!size_bytes.ok()) return size_bytes.status();
  return Usage{.articles = *articles, .size_bytes = *size_bytes};
}

}  // namespace dateline::store
