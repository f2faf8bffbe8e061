#include "store/opensearch/article_reader.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "store/core/read_mask.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/page_filler.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using google::protobuf::FieldMask;
using Json = nlohmann::json;

bool IsArticle(const Json& document) {
  return document.value("found", false) &&
         document.at("_source").value(field::kKind, std::string()) ==
             field::kKindArticle;
}

// The same copy of each shard for the pages of one search: scores differ from
// copy to copy.
std::string Preference(const Json& query) {
  return absl::StrCat("q", absl::Hex(std::hash<std::string>()(Dump(query))));
}

}  // namespace

absl::Status NoSuchArticle(absl::string_view uid) {
  return MissingResource(
      "dateline.v1.Article", uid,
      absl::StrCat("the store has no article with the uid '", uid, "'"));
}

absl::StatusOr<v1::Article> ArticleOf(const Json& hit,
                                      const FieldMask& read_mask) {
  const absl::StatusOr<std::string> bytes =
      DecodeField(hit.at("_source"), field::kArticle);
  if (!bytes.ok()) return bytes.status();
  return ParseMasked(*bytes, read_mask);
}

absl::StatusOr<std::vector<kafka::Position>> ReadPositions(
    const ArticleIndex& index) {
  if (absl::Status status = index.Refresh(); !status.ok()) return status;
  const Json body = {{"query", TermQuery(field::kKind, field::kKindPosition)},
                     {"sort", Json::array({{{field::kTopic, "asc"}},
                                           {{field::kPartition, "asc"}}})}};
  std::vector<kafka::Position> positions;
  absl::Status status = index.ForEachHit(
      body, Json(), 1000, [&](const Json& hit) -> absl::StatusOr<bool> {
        const Json& source = hit.at("_source");
        positions.push_back({{source.at(field::kTopic).get<std::string>(),
                              source.at(field::kPartition).get<int32_t>()},
                             source.at(field::kNextOffset).get<int64_t>()});
        return true;
      });
  if (!status.ok()) return status;
  return positions;
}

absl::StatusOr<StoredArticle> ReadArticle(const ArticleIndex& index,
                                          absl::string_view uid,
                                          const FieldMask& read_mask) {
  const absl::StatusOr<std::vector<Json>> documents =
      index.Get({ArticleId(uid)}, StateFields(), false);
  if (!documents.ok()) return documents.status();
  if (!IsArticle(documents->front())) return NoSuchArticle(uid);
  absl::StatusOr<ArticleState> state =
      ToState(documents->front().at("_source"));
  if (!state.ok()) return state.status();
  ApplyReadMask(read_mask, state->article);
  return StoredArticle{.article = std::move(state->article),
                       .history = HistoryOf(*state)};
}

absl::StatusOr<std::vector<v1::Article>> ReadArticles(
    const ArticleIndex& index, const std::vector<std::string>& uids,
    const FieldMask& read_mask) {
  std::vector<std::string> ids;
  ids.reserve(uids.size());
  for (const std::string& uid : uids) ids.push_back(ArticleId(uid));
  const absl::StatusOr<std::vector<Json>> documents =
      index.Get(ids, {field::kKind, field::kArticle}, false);
  if (!documents.ok()) return documents.status();
  std::vector<v1::Article> articles;
  for (size_t i = 0; i < uids.size(); ++i) {
    const Json& document = (*documents)[i];
    if (!IsArticle(document)) continue;
    absl::StatusOr<v1::Article> article = ArticleOf(document, read_mask);
    if (!article.ok()) return article.status();
    article->set_uid(uids[i]);
    articles.push_back(*std::move(article));
  }
  return articles;
}

absl::StatusOr<ArticlePage> ListArticles(const ArticleIndex& index,
                                         const ListQuery& query) {
  const absl::StatusOr<std::optional<Json>> after =
      ReadCursor(query.page.cursor, 2);
  if (!after.ok()) return after.status();
  const Json body = {{"query", SelectionQuery({.filter = query.filter})},
                     {"sort", ListSort(query.order)},
                     {"_source", {field::kArticle}}};
  ArticlePage page;
  PageFiller filler(query.page);
  absl::Status status = index.ForEachHit(
      body, after->value_or(Json()), HitsAtATime(query.page),
      [&](const Json& hit) -> absl::StatusOr<bool> {
        absl::StatusOr<v1::Article> article = ArticleOf(hit, query.read_mask);
        if (!article.ok()) return article.status();
        if (!filler.Take(article->ByteSizeLong(), Dump(hit.at("sort")))) {
          return false;
        }
        page.articles.push_back(*std::move(article));
        return true;
      });
  if (!status.ok()) return status;
  page.next_cursor = filler.NextCursor();
  return page;
}

absl::StatusOr<FoundPage> SearchArticles(const ArticleIndex& index,
                                         const SearchQuery& query) {
  const absl::StatusOr<std::optional<Json>> after =
      ReadCursor(query.page.cursor, 2);
  if (!after.ok()) return after.status();
  const Json selection = SelectionQuery(query.selection);
  const Json body = {{"query", selection},
                     {"sort", SearchSort()},
                     {"highlight", Highlight()},
                     {"_source", {field::kArticle}}};
  FoundPage page;
  PageFiller filler(query.page);
  absl::Status status = index.ForEachHit(
      body, after->value_or(Json()), HitsAtATime(query.page),
      [&](const Json& hit) -> absl::StatusOr<bool> {
        absl::StatusOr<v1::Article> article = ArticleOf(hit, {});
        if (!article.ok()) return article.status();
        std::string snippet = SnippetOf(hit, *article);
        ApplyReadMask(query.read_mask, *article);
        if (!filler.Take(article->ByteSizeLong() + snippet.size(),
                         Dump(hit.at("sort")))) {
          return false;
        }
        page.articles.push_back({.article = *std::move(article),
                                 .score = hit.at("sort").at(0).get<double>(),
                                 .snippet = std::move(snippet)});
        return true;
      },
      Preference(selection));
  if (!status.ok()) return status;
  page.next_cursor = filler.NextCursor();
  return page;
}

absl::StatusOr<int64_t> CountArticles(const ArticleIndex& index) {
  const absl::StatusOr<Json> answer = index.Search(
      {{"query", SelectionQuery({})}, {"size", 0}, {"track_total_hits", true}});
  if (!answer.ok()) return answer.status();
  return answer->at("hits").at("total").at("value").get<int64_t>();
}

}  // namespace dateline::store
