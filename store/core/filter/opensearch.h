#ifndef DATELINE_STORE_CORE_FILTER_OPENSEARCH_H_
#define DATELINE_STORE_CORE_FILTER_OPENSEARCH_H_

#include <string>

#include "nlohmann/json.hpp"
#include "store/core/filter/condition.h"

namespace dateline::store::filter {

// Names of an index's fields. A document has none for a value that isn't known,
// neither null nor "".
struct OpenSearchSchema {
  // `keyword`, without normalizer, with no `ignore_above` below the longest
  // value; author and keyword hold lists.
  std::string publisher = {};
  std::string domain = {};
  std::string language = {};
  std::string section = {};
  std::string author = {};
  std::string keyword = {};
  std::string headline = {};
  // `keyword`: the enum value's name, "ACCESS_FREE".
  std::string access = {};
  std::string article_type = {};
  // `long`: microseconds since the Unix epoch rounded down. A `date` would cut
  // them to milliseconds.
  std::string publish_time = {};
  std::string fetch_time = {};
};

// `condition` as a query for filter context: bool, term, prefix, wildcard,
// range, exists and match_all. At most 18 levels of bool, and twice as many
// clauses as restrictions.
nlohmann::json ToOpenSearchQuery(const Condition& condition,
                                 const OpenSearchSchema& schema);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_OPENSEARCH_H_
