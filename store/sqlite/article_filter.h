#ifndef DATELINE_STORE_SQLITE_ARTICLE_FILTER_H_
#define DATELINE_STORE_SQLITE_ARTICLE_FILTER_H_

#include <string>

#include "absl/status/statusor.h"
#include "store/core/filter/condition.h"
#include "store/core/filter/sql.h"
#include "store/sqlite/connection.h"

namespace dateline::store {

// A filter as part of the WHERE of a statement that reads `articles`.
class ArticleFilter {
 public:
  // Its parameters are numbered from `first_parameter`, behind all others.
  ArticleFilter(const filter::Condition& condition, int first_parameter);

  // "1" where the filter is true of all articles.
  const std::string& sql() const { return where_.text; }

  // Prepares a statement that has sql() in it and binds the parameters, which
  // are borrowed from this object. Statements without a filter are kept.
  absl::StatusOr<Statement> Prepare(Connection& connection,
                                    const std::string& sql) const;

 private:
  const bool all_;
  const int first_parameter_;
  const filter::SqlWhere where_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_ARTICLE_FILTER_H_
