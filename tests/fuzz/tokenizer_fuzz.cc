// Any bytes as a text of the full-text index: it can be put in, found again by
// its own beginning, snipped, and taken out without a trace.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "store/sqlite/connection.h"
#include "store/sqlite/match_expression.h"

namespace dateline::store {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

std::unique_ptr<Connection> MakeIndex() {
  auto connection =
      Connection::Open(":memory:", Connection::Mode::kReadWrite).value();
  Require(connection
              ->Execute("CREATE TABLE texts(id INTEGER PRIMARY KEY, body);"
                        "CREATE VIRTUAL TABLE found USING fts5(body, content="
                        "'texts', content_rowid='id', tokenize='dateline');")
              .ok());
  return connection;
}

void RunWith(Connection& connection, absl::string_view sql,
             absl::string_view text) {
  auto statement = connection.Prepare(sql);
  Require(statement.ok() && statement->BindText(1, text).Run().ok());
}

// The index says itself that it is what its text gives, which it is not where
// tokens differ from one time to the next.
void CheckIndex(Connection& connection) {
  Require(connection
              .Execute(
                  "INSERT INTO found(found, rank) VALUES('integrity-check', 1)")
              .ok());
}

void CheckSnippet(Connection& connection, absl::string_view text) {
  auto select = connection.Prepare(
      "SELECT snippet(found, 0, '', '', '', 64) FROM found "
      "WHERE found MATCH ?1");
  const std::string expression =
      MatchExpression({{.text = std::string(text.substr(0, 40))}});
  Require(select.ok());
  const auto row = select->BindText(1, expression).Step();
  // No word, no row.
  Require(row.ok());
  if (*row) Require(text.find(select->Bytes(0)) != absl::string_view::npos);
}

}  // namespace
}  // namespace dateline::store

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using dateline::store::Connection;
  static Connection* const connection = dateline::store::MakeIndex().release();
  absl::string_view text(reinterpret_cast<const char*>(data), size);
  // SQLite's texts end at a NUL.
  text = text.substr(0, text.find('\0'));
  dateline::store::RunWith(*connection, "INSERT INTO texts VALUES (1, ?1)",
                           text);
  dateline::store::RunWith(
      *connection, "INSERT INTO found(rowid, body) VALUES (1, ?1)", text);
  dateline::store::CheckIndex(*connection);
  dateline::store::CheckSnippet(*connection, text);
  dateline::store::RunWith(
      *connection,
      "INSERT INTO found(found, rowid, body) VALUES ('delete', 1, ?1)", text);
  dateline::store::Require(connection->Execute("DELETE FROM texts").ok());
  dateline::store::CheckIndex(*connection);
  return 0;
}
