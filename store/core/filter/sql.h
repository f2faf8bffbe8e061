#ifndef DATELINE_STORE_CORE_FILTER_SQL_H_
#define DATELINE_STORE_CORE_FILTER_SQL_H_

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "store/core/filter/condition.h"

namespace dateline::store::filter {

// A table with a row for each value of a list, none of them NULL.
struct SqlSideTable {
  std::string table = {};
  std::string key = {};    // the article's key
  std::string value = {};  // TEXT
};

// Where the fields stand in a database whose encoding is UTF-8. All are SQL
// expressions and names, taken as they are.
struct SqlSchema {
  // TEXT, '' where there is no value, never NULL.
  std::string publisher = {};
  std::string domain = {};
  std::string language = {};
  std::string section = {};
  std::string headline = {};
  // INTEGER, the enum's number, never NULL.
  std::string access = {};
  std::string article_type = {};
  // INTEGER, microseconds since the Unix epoch rounded down. Where there is no
  // value NULL, or the least 64-bit integer.
  std::string publish_time = {};
  std::string fetch_time = {};
  bool no_time_is_least = false;
  // What the side tables' keys are compared with, qualified: "article.id".
  std::string article_key = {};
  SqlSideTable author = {};
  SqlSideTable keyword = {};
};

using SqlValue = std::variant<int64_t, std::string>;

// To be put behind WHERE, or with others into an AND.
struct SqlWhere {
  std::string text = {};
  // For the numbered parameters in `text`, in order. Strings are valid UTF-8
  // without NUL.
  std::vector<SqlValue> parameters = {};
};

// `condition` in SQLite's SQL, its parameters numbered from `first_parameter`.
// A row is selected exactly where the evaluator has its article under the
// filter. Exact tests, prefixes and times can use an index on the column, tests
// that ignore case one with COLLATE NOCASE; ends and contents can't.
SqlWhere ToSql(const Condition& condition, const SqlSchema& schema,
               int first_parameter = 1);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_SQL_H_
