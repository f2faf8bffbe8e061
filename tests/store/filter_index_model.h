#ifndef DATELINE_TESTS_STORE_FILTER_INDEX_MODEL_H_
#define DATELINE_TESTS_STORE_FILTER_INDEX_MODEL_H_

#include "dateline/v1/article.pb.h"
#include "nlohmann/json.hpp"
#include "store/core/filter/opensearch.h"

namespace dateline::store::filter {

// A model of what OpenSearch does with the queries that filters come to: which
// stands in for a node where one would be too slow.

// The names that ToDocument uses.
OpenSearchSchema ModelSchema();

// `article` as an index would hold it under ModelSchema.
nlohmann::json ToDocument(const v1::Article& article);

// Whether `query` finds `document`.
bool Finds(const nlohmann::json& query, const nlohmann::json& document);

}  // namespace dateline::store::filter

#endif  // DATELINE_TESTS_STORE_FILTER_INDEX_MODEL_H_
