#ifndef DATELINE_STORE_SQLITE_MATCH_EXPRESSION_H_
#define DATELINE_STORE_SQLITE_MATCH_EXPRESSION_H_

#include <string>
#include <vector>

#include "store/core/search_query.h"

namespace dateline::store {

// The terms in FTS5's query syntax, every text in quotes, so that nothing in it
// is read as syntax.
std::string MatchExpression(const std::vector<SearchTerm>& terms);

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_MATCH_EXPRESSION_H_
