#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/match_expression.h"

namespace dateline::store {
namespace {

// bm25() is negative and least for the best match; a word in the headline
// counts as five in the body.
constexpr char kFirstPage[] = R"sql(
SELECT rowid, bm25(text_index, 5.0, 1.0) AS score FROM text_index
  WHERE text_index MATCH ?1 ORDER BY score, rowid LIMIT ?2)sql";
constexpr char kLaterPage[] = R"sql(
SELECT id, score FROM (
    SELECT rowid AS id, bm25(text_index, 5.0, 1.0) AS score FROM text_index
      WHERE text_index MATCH ?1)
  WHERE score > ?3 OR (score = ?3 AND id > ?4)
  ORDER BY score, id LIMIT ?2)sql";
// Apart from the above, which visits every match.
constexpr char kRow[] = R"sql(
SELECT articles.article,
    snippet(text_index, -1, char(0x2068), char(0x2069), char(0x2026), 32)
  FROM text_index JOIN articles ON articles.id = text_index.rowid
  WHERE text_index MATCH ?1 AND text_index.rowid = ?2)sql";

struct Hit {
  double score = 0;
  int64_t id = 0;
};

// "BITS:ID" of the last hit of the page before; the score's bits, to be exact.
std::string ToCursor(const Hit& hit) {
  return absl::StrCat(absl::Hex(std::bit_cast<uint64_t>(hit.score)), ":",
                      hit.id);
}

std::optional<Hit> ParseCursor(absl::string_view text) {
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(text, absl::MaxSplits(':', 1));
  uint64_t bits = 0;
  Hit hit;
  if (!absl::SimpleHexAtoi(parts.first, &bits) ||
      !absl::SimpleAtoi(parts.second, &hit.id)) {
    return std::nullopt;
  }
  hit.score = std::bit_cast<double>(bits);
  return hit;
}

absl::StatusOr<std::vector<Hit>> FindHits(Connection& connection,
                                          const std::string& expression,
                                          const std::optional<Hit>& after,
                                          int64_t limit) {
  absl::StatusOr<Statement> select =
      connection.Prepare(after.has_value() ? kLaterPage : kFirstPage);
  if (!select.ok()) return select.status();
  select->BindText(1, expression).Bind(2, limit);
  if (after.has_value()) select->Bind(3, after->score).Bind(4, after->id);
  std::vector<Hit> hits;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    hits.push_back({.score = select->Double(1), .id = select->Int(0)});
  }
  if (!row.ok()) return row.status();
  return hits;
}

absl::StatusOr<FoundArticle> ReadHit(Connection& connection,
                                     const std::string& expression,
                                     const Hit& hit) {
  absl::StatusOr<Statement> select = connection.Prepare(kRow);
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row =
      select->BindText(1, expression).Bind(2, hit.id).Step();
  if (!row.ok()) return row.status();
  FoundArticle found;
  const absl::string_view bytes = select->Bytes(0);
  if (!*row || !found.article.ParseFromArray(bytes.data(),
                                             static_cast<int>(bytes.size()))) {
    return absl::DataLossError("a stored article can't be read");
  }
  found.score = -hit.score;
  found.snippet = std::string(select->Bytes(1));
  return found;
}

}  // namespace

absl::StatusOr<FoundPage> SearchArticles(Connection& connection,
                                         const SearchQuery& query) {
  std::optional<Hit> after;
  if (!query.page.cursor.empty()) {
    after = ParseCursor(query.page.cursor);
    if (!after.has_value()) {
      return absl::InvalidArgumentError("page_token: is none of this store");
    }
  }
  const std::string expression = MatchExpression(query.selection.terms);
  absl::StatusOr<std::vector<Hit>> hits =
      FindHits(connection, expression, after,
               static_cast<int64_t>(query.page.limit) + 1);
  if (!hits.ok()) return hits.status();
  FoundPage page;
  if (hits->size() > static_cast<size_t>(query.page.limit)) {
    hits->pop_back();
    if (!hits->empty()) page.next_cursor = ToCursor(hits->back());
  }
  for (const Hit& hit : *hits) {
    absl::StatusOr<FoundArticle> found = ReadHit(connection, expression, hit);
    if (!found.ok()) return found.status();
    page.articles.push_back(*std::move(found));
  }
  return page;
}

}  // namespace dateline::store
