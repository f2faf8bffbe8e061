#ifndef DATELINE_STORE_CORE_FILTER_SYNTAX_H_
#define DATELINE_STORE_CORE_FILTER_SYNTAX_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "store/core/filter/tree.h"

namespace dateline::store::filter {

enum class Operator {
  kEqual,
  kNotEqual,
  kLess,
  kLessOrEqual,
  kGreater,
  kGreaterOrEqual,
  kHas,
};

// As it is written: "=", "!=", "<", "<=", ">", ">=", ":".
absl::string_view OperatorText(Operator op);

// A value as written.
struct Value {
  std::string text = {};
  // Byte offsets in `text` before which a wildcard stands.
  std::vector<size_t> wildcards = {};
  int position = 0;

  bool operator==(const Value&) const = default;
};

// "publisher = Dawn", as written.
struct Restriction {
  std::string field = {};
  int field_position = 0;
  Operator op = Operator::kEqual;
  int op_position = 0;
  Value value = {};

  bool operator==(const Restriction&) const = default;
};

// What a filter says, before anything is known of fields and types.
using Expression = Tree<Restriction>;

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_SYNTAX_H_
