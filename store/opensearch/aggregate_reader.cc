#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "store/opensearch/article_reader.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// Below OpenSearch's limit of 65,535 groups in one answer.
constexpr int kMaxGroups = 60'000;
// A shard tells of this many groups first, and of as many as there can be in
// the end.
constexpr int kFirstShardSize = 10'000;
constexpr int kLastShardSize = 10'000'000;

// Asks for more of each shard until the counts are exact.
absl::StatusOr<v1::AggregateArticlesResponse> Ask(
    const ArticleIndex& index, Json body,
    const std::vector<v1::AggregateGrouping>& groupings, int top,
    const std::vector<std::string>& outer) {
  int shard_size = std::max(top, groupings.size() == 1 ? kFirstShardSize : top);
  while (true) {
    body["aggs"] = Aggregations(groupings, top, shard_size, outer);
    const absl::StatusOr<Json> answer = index.Search(body);
    if (!answer.ok()) return answer.status();
    std::optional<v1::AggregateArticlesResponse> response =
        ReadAggregations(*answer);
    if (response.has_value()) return *std::move(response);
    if (shard_size >= kLastShardSize) {
      return absl::ResourceExhaustedError(
          "there are too many groups to count them exactly");
    }
    shard_size = std::min(shard_size * 10, kLastShardSize);
  }
}

// The groups within `response`'s, some of them at a time.
absl::Status AskInner(const ArticleIndex& index, const Json& body,
                      const AggregateQuery& query,
                      v1::AggregateArticlesResponse& response) {
  const int at_a_time = std::max(kMaxGroups / (query.top + 1), 1);
  for (int begin = 0; begin < response.groups_size(); begin += at_a_time) {
    const int end = std::min(begin + at_a_time, response.groups_size());
    std::vector<std::string> outer;
    for (int i = begin; i < end; ++i)
      outer.push_back(response.groups(i).value());
    absl::StatusOr<v1::AggregateArticlesResponse> part =
        Ask(index, body, query.groupings, query.top, outer);
    if (!part.ok()) return part.status();
    if (part->groups_size() != end - begin) {
      return absl::UnavailableError("the groups changed while being counted");
    }
    for (int i = begin; i < end; ++i) {
      response.mutable_groups(i)->Swap(part->mutable_groups(i - begin));
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<v1::AggregateArticlesResponse> AskInTwoSteps(
    const ArticleIndex& index, Json body, const AggregateQuery& query) {
  // Both see the same articles.
  const absl::StatusOr<std::string> view = index.OpenView();
  if (!view.ok()) return view.status();
  body["pit"] = ArticleIndex::View(*view);
  absl::StatusOr<v1::AggregateArticlesResponse> response =
      Ask(index, body, {query.groupings.front()}, query.top, {});
  absl::Status status = response.status();
  if (status.ok()) status = AskInner(index, body, query, *response);
  index.CloseView(*view);
  if (!status.ok()) return status;
  return response;
}

}  // namespace

absl::StatusOr<v1::AggregateArticlesResponse> AggregateArticles(
    const ArticleIndex& index, const AggregateQuery& query) {
  const Json body = {{"query", SelectionQuery(query.selection)},
                     {"size", 0},
                     {"track_total_hits", true}};
  const bool fits =
      query.groupings.size() == 1 || query.top <= kMaxGroups / (query.top + 1);
  if (!fits) return AskInTwoSteps(index, body, query);
  return Ask(index, body, query.groupings, query.top, {});
}

}  // namespace dateline::store
