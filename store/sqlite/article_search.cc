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
#include "absl/strings/substitute.h"
#include "store/core/read_mask.h"
#include "store/core/serialized_article.h"
#include "store/sqlite/article_filter.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/keyset.h"
#include "store/sqlite/match_expression.h"

namespace dateline::store {
namespace {

// bm25() is negative and least for the best match; a word in the headline
// counts as five in the body. $0: a filter, whose parameters begin at 5.
constexpr char kFirstPage[] = R"sql(
SELECT rowid, bm25(text_index, 5.0, 1.0) AS score FROM text_index
  WHERE text_index MATCH ?1 ORDER BY score, rowid LIMIT ?2)sql";
constexpr char kFilteredFirstPage[] = R"sql(
SELECT text_index.rowid, bm25(text_index, 5.0, 1.0) AS score
  FROM text_index CROSS JOIN articles ON articles.id = text_index.rowid
  WHERE text_index MATCH ?1 AND $0 ORDER BY score, text_index.rowid LIMIT ?2)sql";
// Materialized, or the score would be worked out for each mention of it.
constexpr char kLaterPage[] = R"sql(
WITH hits(id, score) AS MATERIALIZED (
  SELECT text_index.rowid, bm25(text_index, 5.0, 1.0)
    FROM text_index CROSS JOIN articles ON articles.id = text_index.rowid
    WHERE text_index MATCH ?1 AND $0)
SELECT id, score FROM hits
  WHERE score > ?3 OR (score = ?3 AND id > ?4)
  ORDER BY score, id LIMIT ?2)sql";
// Apart from the above, which visit every match.
constexpr char kRow[] = R"sql(
SELECT articles.uid, contents.article,
    snippet(text_index, -1, char(0x2068), char(0x2069), char(0x2026), 32)
  FROM text_index JOIN contents ON contents.id = text_index.rowid
    JOIN articles ON articles.id = text_index.rowid
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
                                          const SearchQuery& query,
                                          const std::string& expression,
                                          const std::optional<Hit>& after) {
  const ArticleFilter where(query.selection.filter, 5);
  const bool all = query.selection.filter == filter::Condition();
  const char* const sql = after.has_value() ? kLaterPage
                          : all             ? kFirstPage
                                            : kFilteredFirstPage;
  absl::StatusOr<Statement> select =
      where.Prepare(connection, absl::Substitute(sql, where.sql()));
  if (!select.ok()) return select.status();
  select->BindText(1, expression)
      .Bind(2, static_cast<int64_t>(query.page.limit) + 1);
  if (after.has_value()) select->Bind(3, after->score).Bind(4, after->id);
  std::vector<Hit> hits;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    hits.push_back({.score = select->Double(1), .id = select->Int(0)});
  }
  if (!row.ok()) return row.status();
  return hits;
}

// A row of kRow: the article, or the uid of one that is damaged.
struct FoundRow {
  std::optional<FoundArticle> found;
  std::string uid;

  size_t size_bytes() const {
    return found.has_value()
               ? found->article.ByteSizeLong() + found->snippet.size()
               : 0;
  }
};

absl::StatusOr<FoundRow> ReadHit(Connection& connection,
                                 const std::string& expression, const Hit& hit,
                                 const google::protobuf::FieldMask& read_mask) {
  absl::StatusOr<Statement> select = connection.Prepare(kRow);
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row =
      select->BindText(1, expression).Bind(2, hit.id).Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::DataLossError("a stored article can't be read");
  FoundRow read = {.found = std::nullopt, .uid = std::string(select->Bytes(0))};
  if (!IsSerializedArticle(select->Bytes(1))) return read;
  absl::StatusOr<v1::Article> article =
      ParseMasked(select->Bytes(1), read_mask);
  if (!article.ok()) return article.status();
  read.found = FoundArticle{.article = *std::move(article),
                            .score = -hit.score,
                            .snippet = std::string(select->Bytes(2))};
  return read;
}

absl::StatusOr<FoundPage> ReadHits(Connection& connection,
                                   const std::string& expression,
                                   const std::vector<Hit>& hits,
                                   const SearchQuery& query) {
  FoundPage page;
  size_t page_bytes = 0;
  int rows = 0;
  const Hit* last = nullptr;
  for (const Hit& hit : hits) {
    const bool full = rows == query.page.limit;
    absl::StatusOr<FoundRow> row = FoundRow();
    if (!full) row = ReadHit(connection, expression, hit, query.read_mask);
    if (!row.ok()) return row.status();
    const size_t size_bytes = row->size_bytes();
    if (full ||
        !FitsPage(query.page, page.articles.size(), page_bytes, size_bytes)) {
      if (last != nullptr) page.next_cursor = ToCursor(*last);
      return page;
    }
    page_bytes += size_bytes;
    ++rows;
    last = &hit;
    if (row->found.has_value()) {
      page.articles.push_back(*std::move(row->found));
    } else {
      page.damaged.push_back(std::move(row->uid));
    }
  }
  return page;
}

}  // namespace

absl::StatusOr<FoundPage> SearchArticles(Connection& connection,
                                         const SearchQuery& query) {
  std::optional<Hit> after;
  if (!query.page.cursor.empty()) {
    after = ParseCursor(query.page.cursor);
    if (!after.has_value()) return ForeignCursor();
  }
  const std::string expression = MatchExpression(query.selection.terms);
  const absl::StatusOr<std::vector<Hit>> hits =
      FindHits(connection, query, expression, after);
  if (!hits.ok()) return hits.status();
  return ReadHits(connection, expression, *hits, query);
}

}  // namespace dateline::store
