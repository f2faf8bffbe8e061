#include "store/sqlite/article_writer.h"

#include <optional>
#include <set>
#include <string>
#include <utility>

#include "store/core/indexed_text.h"
#include "store/core/near_duplicate.h"
#include "store/core/revision.h"

namespace dateline::store {
namespace {

int64_t PublishMicros(const v1::Article& article) {
  return article.publish_time().has_time()
             ? ToMicros(article.publish_time().time())
             : kNoTime;
}

int64_t FetchMicros(const v1::Article& article) {
  return article.has_fetch_time() ? ToMicros(article.fetch_time()) : kNoTime;
}

// Parameters 1 to 14, the same in insert and update.
void BindColumns(const v1::Article& article, int64_t signature,
                 Statement& statement) {
  statement.BindText(1, article.uid())
      .Bind(2, article.version())
      .Bind(3, ToMicros(article.parse_time()))
      .Bind(4, PublishMicros(article))
      .Bind(5, FetchMicros(article))
      .Bind(6, static_cast<int64_t>(article.access()))
      .Bind(7, static_cast<int64_t>(article.article_type()))
      .Bind(8, signature)
      .BindText(9, article.publisher().name())
      .BindText(10, article.publisher().domain())
      .BindText(11, article.language().tag())
      .BindText(12, article.section())
      .BindText(13, article.headline())
      .BindBlob(14, article.content_sha256());
}

constexpr char kInsert[] = R"sql(
INSERT INTO articles(uid, version, parse_us, publish_us, fetch_us, access,
    article_type, signature, publisher, domain, language, section, headline,
    content_sha256, text_version, text_fetch_us, first_seen_us, last_seen_us,
    seen_count, revision_count)
  VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?2, ?5,
    ?15, ?16, ?17, ?18)
  RETURNING id)sql";

constexpr char kUpdate[] = R"sql(
UPDATE articles SET uid = ?1, version = ?2, parse_us = ?3, publish_us = ?4,
    fetch_us = ?5, access = ?6, article_type = ?7, signature = ?8,
    publisher = ?9, domain = ?10, language = ?11, section = ?12, headline = ?13,
    content_sha256 = ?14, text_version = iif(?16, ?2, text_version),
    text_fetch_us = iif(?16, ?5, text_fetch_us),
    last_seen_us = max(last_seen_us, ?17),
    seen_count = seen_count + ?15, revision_count = revision_count + ?16
  WHERE id = ?18)sql";

// A table of names and what its rows are to be.
struct Names {
  const char* select;
  const char* remove;
  const char* insert;
  std::set<std::string> names = {};
};

Names Authors(const v1::Article& article) {
  Names authors = {
      "SELECT name FROM article_authors WHERE article = ?1",
      "DELETE FROM article_authors WHERE article = ?1",
      "INSERT INTO article_authors(article, name) VALUES (?1, ?2)"};
  for (const v1::Author& author : article.authors()) {
    if (!author.name().empty()) authors.names.insert(author.name());
  }
  return authors;
}

Names Keywords(const v1::Article& article) {
  Names keywords = {
      "SELECT name FROM article_keywords WHERE article = ?1",
      "DELETE FROM article_keywords WHERE article = ?1",
      "INSERT INTO article_keywords(article, name) VALUES (?1, ?2)"};
  for (const std::string& keyword : article.keywords()) {
    if (!keyword.empty()) keywords.names.insert(keyword);
  }
  return keywords;
}

absl::StatusOr<std::set<std::string>> ReadNames(Connection& connection,
                                                int64_t id, const char* sql) {
  absl::StatusOr<Statement> select = connection.Prepare(sql);
  if (!select.ok()) return select.status();
  select->Bind(1, id);
  std::set<std::string> names;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    names.insert(std::string(select->Bytes(0)));
  }
  if (!row.ok()) return row.status();
  return names;
}

absl::Status InsertNames(Connection& connection, int64_t id,
                         const Names& wanted) {
  for (const std::string& name : wanted.names) {
    absl::StatusOr<Statement> insert = connection.Prepare(wanted.insert);
    if (!insert.ok()) return insert.status();
    absl::Status status = insert->Bind(1, id).BindText(2, name).Run();
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

absl::Status RunFor(Connection& connection, int64_t id, const char* sql) {
  absl::StatusOr<Statement> statement = connection.Prepare(sql);
  if (!statement.ok()) return statement.status();
  return statement->Bind(1, id).Run();
}

}  // namespace

struct ArticleWriter::Row {
  int64_t id = 0;
  int64_t signature = 0;
  int64_t publish_us = 0;
  int64_t text_version = 0;
  int64_t text_fetch_us = 0;
  std::optional<StoredVersion> stored = {};
};

absl::StatusOr<ArticleWriter::Row> ArticleWriter::Find(absl::string_view uid) {
  absl::StatusOr<Statement> select = connection_.Prepare(
      "SELECT id, signature, publish_us, text_version, text_fetch_us, version, "
      "parse_us, content_sha256 FROM articles WHERE uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> there = select->BindText(1, uid).Step();
  if (!there.ok()) return there.status();
  Row row;
  if (!*there) return row;
  row.id = select->Int(0);
  row.signature = select->Int(1);
  row.publish_us = select->Int(2);
  row.text_version = select->Int(3);
  row.text_fetch_us = select->Int(4);
  row.stored = {select->Int(5), select->Int(6), std::string(select->Bytes(7))};
  return row;
}

absl::StatusOr<ChangeResult> ArticleWriter::Write(const ArticleChange& change) {
  const absl::StatusOr<Row> row = Find(change.uid);
  if (!row.ok()) return row.status();
  const Decision decision = Decide(row->stored, change);
  absl::Status status;
  if (decision.result == ChangeResult::kDeleted) {
    status = Delete(row->id, row->signature);
  } else if (decision.write && row->stored.has_value()) {
    status = Update(*row, *change.article, decision);
  } else if (decision.write) {
    const int64_t seen_us = ToMicros(change.article->fetch_time());
    status = Restore(*change.article,
                     {.first_seen_us = seen_us, .last_seen_us = seen_us});
  }
  if (!status.ok()) return status;
  return decision.result;
}

absl::Status ArticleWriter::Restore(const v1::Article& article,
                                    const StoredHistory& history) {
  const absl::StatusOr<int64_t> signature = stories_.Join(SignatureOf(article));
  if (!signature.ok()) return signature.status();
  absl::StatusOr<Statement> insert = connection_.Prepare(kInsert);
  if (!insert.ok()) return insert.status();
  BindColumns(article, *signature, *insert);
  insert->Bind(15, history.first_seen_us)
      .Bind(16, history.last_seen_us)
      .Bind(17, history.seen_count)
      .Bind(18, history.revision_count);
  const absl::StatusOr<bool> row = insert->Step();
  if (!row.ok()) return row.status();
  const int64_t id = insert->Int(0);
  const std::string bytes = article.SerializeAsString();
  absl::StatusOr<Statement> content =
      connection_.Prepare("INSERT INTO contents(id, article) VALUES (?1, ?2)");
  if (!content.ok()) return content.status();
  absl::Status status = content->Bind(1, id).BindBlob(2, bytes).Run();
  if (!status.ok()) return status;
  const std::string body = IndexedText(article);
  absl::StatusOr<Statement> text = connection_.Prepare(
      "INSERT INTO texts(id, headline, body) VALUES (?1, ?2, ?3)");
  if (!text.ok()) return text.status();
  status =
      text->Bind(1, id).BindText(2, article.headline()).BindText(3, body).Run();
  if (status.ok()) status = InsertNames(connection_, id, Authors(article));
  if (status.ok()) status = InsertNames(connection_, id, Keywords(article));
  if (!status.ok()) return status;
  return stories_.Grow(*signature, article.uid(), PublishMicros(article));
}

absl::Status ArticleWriter::Update(const Row& row, const v1::Article& article,
                                   const Decision& decision) {
  absl::Status status;
  if (decision.revision) status = KeepRevision(row);
  if (!status.ok()) return status;
  const absl::StatusOr<int64_t> signature = stories_.Join(SignatureOf(article));
  if (!signature.ok()) return signature.status();
  status = UpdateRow(row, *signature, article, decision);
  if (!status.ok()) return status;
  const std::string bytes = article.SerializeAsString();
  absl::StatusOr<Statement> content =
      connection_.Prepare("UPDATE contents SET article = ?2 WHERE id = ?1");
  if (!content.ok()) return content.status();
  status = content->Bind(1, row.id).BindBlob(2, bytes).Run();
  if (status.ok()) status = UpdateNames(row.id, article);
  if (status.ok() && decision.text_differs) {
    status = UpdateText(row.id, article);
  }
  if (status.ok()) status = stories_.Leave(row.signature);
  const bool moved =
      *signature != row.signature || PublishMicros(article) != row.publish_us;
  return status.ok() && moved ? stories_.Refresh(*signature) : status;
}

absl::Status ArticleWriter::UpdateRow(const Row& row, int64_t signature,
                                      const v1::Article& article,
                                      const Decision& decision) {
  absl::StatusOr<Statement> update = connection_.Prepare(kUpdate);
  if (!update.ok()) return update.status();
  BindColumns(article, signature, *update);
  update->Bind(15, static_cast<int64_t>(decision.seen ? 1 : 0))
      .Bind(16, static_cast<int64_t>(decision.revision ? 1 : 0))
      .Bind(17, ToMicros(article.fetch_time()))
      .Bind(18, row.id);
  return update->Run();
}

absl::Status ArticleWriter::UpdateText(int64_t id, const v1::Article& article) {
  const std::string body = IndexedText(article);
  absl::StatusOr<Statement> text = connection_.Prepare(
      "UPDATE texts SET headline = ?2, body = ?3 WHERE id = ?1");
  if (!text.ok()) return text.status();
  text->Bind(1, id).BindText(2, article.headline()).BindText(3, body);
  return text->Run();
}

absl::Status ArticleWriter::UpdateNames(int64_t id,
                                        const v1::Article& article) {
  for (const Names& wanted : {Authors(article), Keywords(article)}) {
    const absl::StatusOr<std::set<std::string>> names =
        ReadNames(connection_, id, wanted.select);
    if (!names.ok()) return names.status();
    if (*names == wanted.names) continue;
    absl::Status status = RunFor(connection_, id, wanted.remove);
    if (status.ok()) status = InsertNames(connection_, id, wanted);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// The text that is about to be replaced, under the version it came with.
absl::Status ArticleWriter::KeepRevision(const Row& row) {
  v1::Article article;
  {
    absl::StatusOr<Statement> select =
        connection_.Prepare("SELECT article FROM contents WHERE id = ?1");
    if (!select.ok()) return select.status();
    const absl::StatusOr<bool> there = select->Bind(1, row.id).Step();
    if (!there.ok()) return there.status();
    const absl::string_view bytes = select->Bytes(0);
    if (!*there ||
        !article.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return absl::DataLossError("a stored article can't be read");
    }
  }
  const std::string bytes =
      RevisionOf(article, row.text_version, row.text_fetch_us)
          .SerializeAsString();
  absl::StatusOr<Statement> insert = connection_.Prepare(
      "INSERT OR REPLACE INTO revisions(article, version, revision) "
      "VALUES (?1, ?2, ?3)");
  if (!insert.ok()) return insert.status();
  return insert->Bind(1, row.id)
      .Bind(2, row.text_version)
      .BindBlob(3, bytes)
      .Run();
}

absl::Status ArticleWriter::Delete(int64_t id, int64_t signature) {
  for (const char* sql :
       {"DELETE FROM texts WHERE id = ?1", "DELETE FROM contents WHERE id = ?1",
        "DELETE FROM article_authors WHERE article = ?1",
        "DELETE FROM article_keywords WHERE article = ?1",
        "DELETE FROM revisions WHERE article = ?1",
        "DELETE FROM articles WHERE id = ?1"}) {
    absl::Status status = RunFor(connection_, id, sql);
    if (!status.ok()) return status;
  }
  return stories_.Leave(signature);
}

absl::StatusOr<int64_t> ArticleWriter::DeleteOldest(int64_t fetched_before_us,
                                                    int limit) {
  std::vector<std::pair<int64_t, int64_t>> oldest;
  {
    absl::StatusOr<Statement> select = connection_.Prepare(
        "SELECT id, signature FROM articles WHERE fetch_us < ?1 "
        "ORDER BY fetch_us, uid LIMIT ?2");
    if (!select.ok()) return select.status();
    select->Bind(1, fetched_before_us).Bind(2, int64_t{limit});
    absl::StatusOr<bool> row = false;
    while ((row = select->Step()).ok() && *row) {
      oldest.emplace_back(select->Int(0), select->Int(1));
    }
    if (!row.ok()) return row.status();
  }
  for (const auto& [id, signature] : oldest) {
    absl::Status status = Delete(id, signature);
    if (!status.ok()) return status;
  }
  return static_cast<int64_t>(oldest.size());
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
