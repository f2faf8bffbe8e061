#include "store/sqlite/article_writer.h"

#include <optional>
#include <string>
#include <utility>

#include "store/core/indexed_text.h"

namespace dateline::store {
namespace {

// Parameters 1 to 13, the same in insert and update.
void BindColumns(const v1::Article& article, const std::string& bytes,
                 Statement& statement) {
  statement.BindText(1, article.uid())
      .Bind(2, article.version())
      .Bind(3, ToMicros(article.parse_time()))
      .Bind(4, article.publish_time().has_time()
                   ? ToMicros(article.publish_time().time())
                   : kNoPublishTime)
      .Bind(5, ToMicros(article.fetch_time()))
      .Bind(6, static_cast<int64_t>(article.access()))
      .Bind(7, static_cast<int64_t>(article.article_type()))
      .BindText(8, article.publisher().name())
      .BindText(9, article.publisher().domain())
      .BindText(10, article.language().tag())
      .BindText(11, article.section())
      .BindBlob(12, article.content_sha256())
      .BindBlob(13, bytes);
}

constexpr char kInsert[] = R"sql(
INSERT INTO articles(uid, version, parse_us, publish_us, fetch_us, access,
    article_type, publisher, domain, language, section, content_sha256, article,
    first_seen_us, last_seen_us, seen_count, revision_count)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?5, ?5, 1, 1)
  RETURNING id)sql";

constexpr char kUpdate[] = R"sql(
UPDATE articles SET uid = ?1, version = ?2, parse_us = ?3, publish_us = ?4,
    fetch_us = ?5, access = ?6, article_type = ?7, publisher = ?8, domain = ?9,
    language = ?10, section = ?11, content_sha256 = ?12, article = ?13,
    last_seen_us = max(last_seen_us, ?5),
    seen_count = seen_count + ?14, revision_count = revision_count + ?15
  WHERE id = ?16)sql";

}  // namespace

absl::StatusOr<ChangeResult> ArticleWriter::Write(const ArticleChange& change) {
  int64_t id = 0;
  std::optional<StoredVersion> stored;
  {
    absl::StatusOr<Statement> select = connection_.Prepare(
        "SELECT id, version, parse_us, content_sha256 FROM articles "
        "WHERE uid = ?1");
    if (!select.ok()) return select.status();
    const absl::StatusOr<bool> row = select->BindText(1, change.uid).Step();
    if (!row.ok()) return row.status();
    if (*row) {
      id = select->Int(0);
      stored = {select->Int(1), select->Int(2), std::string(select->Bytes(3))};
    }
  }
  const Decision decision = Decide(stored, change);
  absl::Status status;
  if (decision.result == ChangeResult::kDeleted) {
    status = Delete(id);
  } else if (decision.write) {
    status = stored.has_value() ? Update(id, *change.article, decision)
                                : Insert(*change.article);
  }
  if (!status.ok()) return status;
  return decision.result;
}

absl::Status ArticleWriter::Insert(const v1::Article& article) {
  const std::string bytes = article.SerializeAsString();
  absl::StatusOr<Statement> insert = connection_.Prepare(kInsert);
  if (!insert.ok()) return insert.status();
  BindColumns(article, bytes, *insert);
  const absl::StatusOr<bool> row = insert->Step();
  if (!row.ok()) return row.status();
  const int64_t id = insert->Int(0);
  const std::string body = IndexedText(article);
  absl::StatusOr<Statement> text = connection_.Prepare(
      "INSERT INTO texts(id, headline, body) VALUES (?1, ?2, ?3)");
  if (!text.ok()) return text.status();
  text->Bind(1, id).BindText(2, article.headline()).BindText(3, body);
  return text->Run();
}

absl::Status ArticleWriter::Update(int64_t id, const v1::Article& article,
                                   const Decision& decision) {
  const std::string bytes = article.SerializeAsString();
  absl::StatusOr<Statement> update = connection_.Prepare(kUpdate);
  if (!update.ok()) return update.status();
  BindColumns(article, bytes, *update);
  update->Bind(14, static_cast<int64_t>(decision.seen ? 1 : 0))
      .Bind(15, static_cast<int64_t>(decision.revision ? 1 : 0))
      .Bind(16, id);
  absl::Status status = update->Run();
  if (!status.ok() || !decision.text_differs) return status;
  return UpdateText(id, article);
}

absl::Status ArticleWriter::UpdateText(int64_t id, const v1::Article& article) {
  const std::string body = IndexedText(article);
  absl::StatusOr<Statement> text = connection_.Prepare(
      "UPDATE texts SET headline = ?2, body = ?3 WHERE id = ?1");
  if (!text.ok()) return text.status();
  text->Bind(1, id).BindText(2, article.headline()).BindText(3, body);
  return text->Run();
}

absl::Status ArticleWriter::Delete(int64_t id) {
  for (const char* sql : {"DELETE FROM texts WHERE id = ?1",
                          "DELETE FROM articles WHERE id = ?1"}) {
    absl::StatusOr<Statement> statement = connection_.Prepare(sql);
    if (!statement.ok()) return statement.status();
    absl::Status status = statement->Bind(1, id).Run();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status ArticleWriter::WritePosition(const kafka::Position& position) {
  absl::StatusOr<Statement> statement = connection_.Prepare(
      "INSERT INTO positions(topic, partition, next_offset) VALUES (?1, ?2, ?3)"
      " ON CONFLICT DO UPDATE SET next_offset = max(next_offset, ?3)");
  if (!statement.ok()) return statement.status();
  statement->BindText(1, position.partition.topic)
      .Bind(2, static_cast<int64_t>(position.partition.partition))
      .Bind(3, position.offset);
  return statement->Run();
}

absl::StatusOr<std::vector<kafka::Position>> ReadPositions(
    Connection& connection) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT topic, partition, next_offset FROM positions "
      "ORDER BY topic, partition");
  if (!select.ok()) return select.status();
  std::vector<kafka::Position> positions;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    positions.push_back(
        {{std::string(select->Bytes(0)), static_cast<int32_t>(select->Int(1))},
         select->Int(2)});
  }
  if (!row.ok()) return row.status();
  return positions;
}

}  // namespace dateline::store
