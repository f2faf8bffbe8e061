#include "store/sqlite/schema.h"

#include <iterator>

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

// Step n takes a database from user_version n to n + 1. Steps are only added.
//
// Times are microseconds since the epoch. `publish_us` is the least integer
// where an article has no publish time, which sorts these last. The Article
// stands last in its row, so that the columns before it are read without its
// overflow pages. `texts` holds what the index was made of: FTS5 reads it for
// snippets, and needs the old text to take a row out of the index.
constexpr const char* kSteps[] = {
    R"sql(
CREATE TABLE articles(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL UNIQUE,
  version INTEGER NOT NULL,
  parse_us INTEGER NOT NULL,
  publish_us INTEGER NOT NULL,
  fetch_us INTEGER NOT NULL,
  first_seen_us INTEGER NOT NULL,
  last_seen_us INTEGER NOT NULL,
  seen_count INTEGER NOT NULL,
  revision_count INTEGER NOT NULL,
  access INTEGER NOT NULL,
  article_type INTEGER NOT NULL,
  publisher TEXT NOT NULL,
  domain TEXT NOT NULL,
  language TEXT NOT NULL,
  section TEXT NOT NULL,
  content_sha256 BLOB NOT NULL,
  article BLOB NOT NULL
);
CREATE INDEX articles_by_publish_time ON articles(publish_us, uid);

CREATE TABLE texts(
  id INTEGER PRIMARY KEY,
  headline TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE VIRTUAL TABLE text_index USING fts5(
  headline, body, content='texts', content_rowid='id',
  tokenize='unicode61 remove_diacritics 2'
);
CREATE TRIGGER texts_insert AFTER INSERT ON texts BEGIN
  INSERT INTO text_index(rowid, headline, body)
    VALUES (new.id, new.headline, new.body);
END;
CREATE TRIGGER texts_delete AFTER DELETE ON texts BEGIN
  INSERT INTO text_index(text_index, rowid, headline, body)
    VALUES ('delete', old.id, old.headline, old.body);
END;
CREATE TRIGGER texts_update AFTER UPDATE ON texts BEGIN
  INSERT INTO text_index(text_index, rowid, headline, body)
    VALUES ('delete', old.id, old.headline, old.body);
  INSERT INTO text_index(rowid, headline, body)
    VALUES (new.id, new.headline, new.body);
END;

CREATE TABLE positions(
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next_offset INTEGER NOT NULL,
  PRIMARY KEY(topic, partition)
) WITHOUT ROWID;
)sql",
};
constexpr auto kLatest = static_cast<int64_t>(std::size(kSteps));

absl::Status CheckOwner(Connection& connection, int64_t version) {
  const absl::StatusOr<int64_t> application =
      connection.QueryInt("PRAGMA application_id");
  if (!application.ok()) return application.status();
  const absl::StatusOr<int64_t> tables =
      connection.QueryInt("SELECT count(*) FROM sqlite_schema");
  if (!tables.ok()) return tables.status();
  if (*tables > 0 && *application != kApplicationId) {
    return absl::FailedPreconditionError(
        "is a database of something else than Dateline");
  }
  if (version > kLatest) {
    return absl::FailedPreconditionError(
        absl::StrCat("has schema ", version,
                     ", but this version of Dateline knows only ", kLatest));
  }
  return absl::OkStatus();
}

absl::Status TakeStep(Connection& connection, int64_t version) {
  Transaction transaction(connection);
  absl::Status status = transaction.Begin(Transaction::Kind::kWrite);
  if (status.ok()) status = connection.Execute(kSteps[version]);
  if (status.ok()) {
    status = connection.Execute(
        absl::StrCat("PRAGMA application_id = ", kApplicationId,
                     "; PRAGMA user_version = ", version + 1));
  }
  if (status.ok()) status = transaction.Commit();
  return status;
}

}  // namespace

absl::Status Migrate(Connection& connection) {
  const absl::StatusOr<int64_t> found =
      connection.QueryInt("PRAGMA user_version");
  if (!found.ok()) return found.status();
  absl::Status status = CheckOwner(connection, *found);
  for (int64_t version = *found; status.ok() && version < kLatest; ++version) {
    status = TakeStep(connection, version);
  }
  return status;
}

}  // namespace dateline::store
