#include <limits>
#include <string>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "store/core/revision.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/keyset.h"

namespace dateline::store {
namespace {

struct Present {
  int64_t id = 0;
  v1::Revision revision = {};
};

// The text the article has now.
absl::StatusOr<Present> ReadPresent(Connection& connection,
                                    const std::string& uid) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT articles.id, text_version, text_fetch_us, contents.article "
      "FROM articles JOIN contents ON contents.id = articles.id "
      "WHERE uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->BindText(1, uid).Step();
  if (!row.ok()) return row.status();
  if (!*row) return NoArticle(uid);
  const absl::string_view bytes = select->Bytes(3);
  v1::Article article;
  if (!article.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a stored article can't be read");
  }
  return Present{select->Int(0),
                 RevisionOf(article, select->Int(1), select->Int(2))};
}

// Up to `limit` texts before `version`, newest first, into `revisions`.
absl::Status AppendPast(Connection& connection, int64_t id, int64_t version,
                        int64_t limit, std::vector<v1::Revision>& revisions) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT revision FROM revisions WHERE article = ?1 AND version < ?2 "
      "ORDER BY version DESC LIMIT ?3");
  if (!select.ok()) return select.status();
  select->Bind(1, id).Bind(2, version).Bind(3, limit);
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    const absl::string_view bytes = select->Bytes(0);
    if (!revisions.emplace_back().ParseFromArray(
            bytes.data(), static_cast<int>(bytes.size()))) {
      return absl::DataLossError("a stored revision can't be read");
    }
  }
  return row.status();
}

}  // namespace

absl::StatusOr<RevisionPage> ListRevisions(Connection& connection,
                                           const RevisionQuery& query) {
  int64_t before = std::numeric_limits<int64_t>::max();
  if (!query.page.cursor.empty() &&
      !absl::SimpleAtoi(query.page.cursor, &before)) {
    return ForeignCursor();
  }
  absl::StatusOr<Present> present = ReadPresent(connection, query.uid);
  if (!present.ok()) return present.status();
  // One more than the page, which its last one is compared with.
  std::vector<v1::Revision> revisions;
  if (present->revision.version() < before) {
    before = present->revision.version();
    revisions.push_back(std::move(present->revision));
  }
  const auto more = static_cast<int64_t>(query.page.limit) + 1 -
                    static_cast<int64_t>(revisions.size());
  absl::Status status =
      AppendPast(connection, present->id, before, more, revisions);
  if (!status.ok()) return status;
  RevisionPage page;
  size_t page_bytes = 0;
  for (size_t i = 0; i < revisions.size(); ++i) {
    const size_t size_bytes = revisions[i].ByteSizeLong();
    if (i == static_cast<size_t>(query.page.limit) ||
        !FitsPage(query.page, i, page_bytes, size_bytes)) {
      page.next_cursor = absl::StrCat(page.revisions.back().version());
      return page;
    }
    if (i + 1 < revisions.size()) {
      for (const std::string& field :
           ChangedFields(revisions[i + 1], revisions[i])) {
        revisions[i].add_changed_fields(field);
      }
    }
    page_bytes += size_bytes;
    // Its text is needed for the next one's comparison no more.
    page.revisions.push_back(std::move(revisions[i]));
  }
  return page;
}

}  // namespace dateline::store
