#ifndef DATELINE_STORE_OPENSEARCH_QUERIES_H_
#define DATELINE_STORE_OPENSEARCH_QUERIES_H_

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article_store_service.pb.h"
#include "nlohmann/json.hpp"
#include "store/core/article_repository.h"

namespace dateline::store {

// Bodies of `_search` requests, and what their answers mean.

// The articles of a selection. Without terms, every score is 0.
nlohmann::json SelectionQuery(const Selection& selection);

// {"term": {field: value}}, and {"terms": {field: values}}.
nlohmann::json TermQuery(const char* field, nlohmann::json value);
nlohmann::json TermsQuery(const char* field, nlohmann::json values);
// All of `queries`, without scores.
nlohmann::json AllOf(nlohmann::json queries);

nlohmann::json ListSort(const ListOrder& order);
nlohmann::json SearchSort();
nlohmann::json StorySort();

// A cursor is the `sort` of the last hit. Reads one of `size` values, each a
// number or a text; none for an empty cursor, which has nothing before it.
// kInvalidArgument where it is none.
absl::StatusOr<std::optional<nlohmann::json>> ReadCursor(
    absl::string_view cursor, size_t size);

// Marks what was found of the selection's terms in headline and body.
nlohmann::json Highlight();
// The snippet of a hit with Highlight: of the body, or of the headline where
// only that has the terms; with an ellipsis where text of `article` is left
// out.
std::string SnippetOf(const nlohmann::json& hit, const v1::Article& article);

// Groups of `groupings`, outer first; the outer ones only those named, where
// any are. `shard_size` is how many groups each shard tells of.
nlohmann::json Aggregations(const std::vector<v1::AggregateGrouping>& groupings,
                            int top, int shard_size,
                            const std::vector<std::string>& outer);
// An answer to that. None where counts may be wrong, for want of a greater
// shard_size.
std::optional<v1::AggregateArticlesResponse> ReadAggregations(
    const nlohmann::json& answer);

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_QUERIES_H_
