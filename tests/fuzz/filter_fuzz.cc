// Any bytes as a filter: either an error that says where, or a condition that
// evaluator and translators take, within their bounds, the same each time.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "store/core/filter/checker.h"
#include "store/core/filter/evaluator.h"
#include "store/core/filter/limits.h"
#include "store/core/filter/opensearch.h"
#include "store/core/filter/sql.h"

namespace dateline::store::filter {
namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

size_t Leaves(const Condition& condition) {
  if (condition.kind == TreeKind::kLeaf) return 1;
  Require(condition.kind != TreeKind::kNot);
  size_t leaves = 0;
  for (const Condition& operand : condition.operands) {
    leaves += Leaves(operand);
  }
  return leaves;
}

void CheckError(const absl::Status& status) {
  Require(status.code() == absl::StatusCode::kInvalidArgument);
  Require(absl::StartsWith(status.message(), "filter"));
  Require(status.message().size() < 400);
}

void CheckCondition(absl::string_view filter, const Condition& condition) {
  Require(Leaves(condition) <= 2 * size_t{kMaxRestrictions});
  const v1::Article article;
  const absl::StatusOr<Condition> again = Compile(filter);
  Require(again.ok() && *again == condition);
  Require(Matches(condition, article) == Matches(*again, article));
  const SqlWhere where = ToSql(condition, SqlSchema{});
  size_t marks = 0;
  for (const char c : where.text) marks += c == '?' ? 1 : 0;
  Require(marks == where.parameters.size());
  // Throws, and so ends the run, where a string is no valid UTF-8.
  Require(!ToOpenSearchQuery(condition, OpenSearchSchema{}).dump().empty());
}

}  // namespace
}  // namespace dateline::store::filter

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  namespace filter = dateline::store::filter;
  const absl::string_view text(reinterpret_cast<const char*>(data), size);
  const absl::StatusOr<filter::Condition> condition = filter::Compile(text);
  if (condition.ok()) {
    filter::CheckCondition(text, *condition);
  } else {
    filter::CheckError(condition.status());
  }
  return 0;
}
