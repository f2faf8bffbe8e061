#include "store/sqlite/schema.h"

#include <iterator>

#include "absl/strings/str_cat.h"
#include "common/log.h"
#include "store/sqlite/article_writer.h"

namespace dateline::store {
namespace {

struct Step {
  const char* sql;
  // Fills the tables that `sql` made, where there is something to fill.
  absl::Status (*fill)(Connection& connection);
};

absl::Status Nothing(Connection&) { return absl::OkStatus(); }

// Writes what schema 1 had anew: its articles are serialized, so that columns
// and tables that came later are made from them as for new ones.
absl::Status FillFromSchema1(Connection& connection) {
  ArticleWriter writer(connection);
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT article, first_seen_us, last_seen_us, seen_count, revision_count "
      "FROM articles_1 ORDER BY id");
  if (!select.ok()) return select.status();
  absl::StatusOr<bool> row = false;
  v1::Article article;
  while ((row = select->Step()).ok() && *row) {
    const absl::string_view bytes = select->Bytes(0);
    if (!article.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) {
      return absl::DataLossError("a stored article can't be read");
    }
    absl::Status status =
        writer.Restore(article, {.first_seen_us = select->Int(1),
                                 .last_seen_us = select->Int(2),
                                 .seen_count = select->Int(3),
                                 .revision_count = select->Int(4)});
    if (!status.ok()) return status;
  }
  return row.status();
}

absl::Status DropSchema1(Connection& connection) {
  absl::Status status = FillFromSchema1(connection);
  // The statement above is reset by now: a table in use can't be dropped.
  return status.ok() ? connection.Execute("DROP TABLE articles_1") : status;
}

// Step n takes a database from user_version n to n + 1. Steps are only added.
//
// Times are microseconds since the epoch. `publish_us` is the least integer
// where an article has no publish time, which sorts these last. The Article
// stands last in its row, so that the columns before it are read without its
// overflow pages. `texts` holds what the index was made of: FTS5 reads it for
// snippets, and needs the old text to take a row out of the index.
constexpr Step kSteps[] = {
    {R"sql(
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
     Nothing},
    // The serialized article has a table of its own, so that whatever filters
    // or counts reads short rows only. Rows of article_authors and
    // article_keywords hold no empty names. `revisions` has the texts before
    // the present one. `signatures` has each MinHash once; those that
    // near-duplicates join have the same `story`: the least id among them.
    // `stories` has a row for each that two articles or more are in.
    {R"sql(
DROP TABLE text_index;
DROP TABLE texts;
DROP INDEX articles_by_publish_time;
ALTER TABLE articles RENAME TO articles_1;

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
  text_version INTEGER NOT NULL,
  text_fetch_us INTEGER NOT NULL,
  access INTEGER NOT NULL,
  article_type INTEGER NOT NULL,
  signature INTEGER NOT NULL,
  publisher TEXT NOT NULL,
  domain TEXT NOT NULL,
  language TEXT NOT NULL,
  section TEXT NOT NULL,
  headline TEXT NOT NULL,
  content_sha256 BLOB NOT NULL
);
CREATE INDEX articles_by_publish_time ON articles(publish_us, uid);
CREATE INDEX articles_by_fetch_time ON articles(fetch_us, uid);
CREATE INDEX articles_by_publisher ON articles(publisher, publish_us, uid);
CREATE INDEX articles_by_domain ON articles(domain, publish_us, uid);
CREATE INDEX articles_by_signature ON articles(signature);

CREATE TABLE contents(
  id INTEGER PRIMARY KEY,
  article BLOB NOT NULL
);
CREATE TABLE article_authors(
  article INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY(article, name)
) WITHOUT ROWID;
CREATE TABLE article_keywords(
  article INTEGER NOT NULL,
  name TEXT NOT NULL,
  PRIMARY KEY(article, name)
) WITHOUT ROWID;

CREATE TABLE texts(
  id INTEGER PRIMARY KEY,
  headline TEXT NOT NULL,
  body TEXT NOT NULL
);
CREATE VIRTUAL TABLE text_index USING fts5(
  headline, body, content='texts', content_rowid='id', tokenize='dateline'
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

CREATE TABLE revisions(
  id INTEGER PRIMARY KEY,
  article INTEGER NOT NULL,
  version INTEGER NOT NULL,
  revision BLOB NOT NULL,
  UNIQUE(article, version)
);

CREATE TABLE signatures(
  id INTEGER PRIMARY KEY,
  story INTEGER NOT NULL,
  articles INTEGER NOT NULL,
  value BLOB NOT NULL
);
CREATE INDEX signatures_by_story ON signatures(story);
CREATE TABLE bands(
  band INTEGER NOT NULL,
  signature INTEGER NOT NULL,
  PRIMARY KEY(band, signature)
) WITHOUT ROWID;
CREATE TABLE stories(
  id INTEGER PRIMARY KEY,
  uid TEXT NOT NULL,
  article_count INTEGER NOT NULL,
  last_publish_us INTEGER NOT NULL
);
CREATE INDEX stories_by_publish_time ON stories(last_publish_us, uid);
)sql",
     DropSchema1},
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

// Within a transaction. Tables are filled once all have today's shape: they are
// filled by today's writer.
absl::Status TakeSteps(Connection& connection, int64_t from) {
  absl::Status status;
  for (int64_t step = from; status.ok() && step < kLatest; ++step) {
    status = connection.Execute(kSteps[step].sql);
  }
  for (int64_t step = from; status.ok() && step < kLatest; ++step) {
    status = kSteps[step].fill(connection);
  }
  if (!status.ok()) return status;
  return connection.Execute(
      absl::StrCat("PRAGMA application_id = ", kApplicationId,
                   "; PRAGMA user_version = ", kLatest));
}

}  // namespace

absl::Status Migrate(Connection& connection) {
  const absl::StatusOr<int64_t> found =
      connection.QueryInt("PRAGMA user_version");
  if (!found.ok()) return found.status();
  absl::Status status = CheckOwner(connection, *found);
  if (!status.ok() || *found == kLatest) return status;
  if (*found > 0) {
    LogInfo("taking the database to this version's schema",
            {{"from", *found}, {"to", kLatest}});
  }
  Transaction transaction(connection);
  status = transaction.Begin(Transaction::Kind::kWrite);
  if (status.ok()) status = TakeSteps(connection, *found);
  if (status.ok()) status = transaction.Commit();
  return status;
}

}  // namespace dateline::store
