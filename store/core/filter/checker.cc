#include "store/core/filter/checker.h"

#include <utility>
#include <vector>

#include "store/core/filter/parser.h"
#include "store/core/filter/restriction_meaning.h"

namespace dateline::store::filter {
namespace {

TreeKind Opposite(TreeKind kind) {
  if (kind == TreeKind::kAll) return TreeKind::kAny;
  if (kind == TreeKind::kAny) return TreeKind::kAll;
  return kind;
}

// By De Morgan.
void Negate(Condition& condition) {
  condition.kind = Opposite(condition.kind);
  condition.leaf.negated = !condition.leaf.negated;
  for (Condition& operand : condition.operands) Negate(operand);
}

// Takes in the operands of operands of the same kind.
Condition Flatten(TreeKind kind, std::vector<Condition> operands) {
  std::vector<Condition> flat;
  for (Condition& operand : operands) {
    if (operand.kind != kind) {
      flat.push_back(std::move(operand));
      continue;
    }
    for (Condition& inner : operand.operands) flat.push_back(std::move(inner));
  }
  return Combine(kind, std::move(flat));
}

absl::StatusOr<Condition> CheckRestriction(const Restriction& restriction,
                                           bool negated) {
  absl::StatusOr<Condition> condition = Meaning(restriction);
  if (!condition.ok()) return condition;
  if (negated != (restriction.op == Operator::kNotEqual)) Negate(*condition);
  return condition;
}

absl::StatusOr<Condition> CheckTree(const Expression& expression,
                                    bool negated) {
  if (expression.kind == TreeKind::kLeaf) {
    return CheckRestriction(expression.leaf, negated);
  }
  if (expression.kind == TreeKind::kNot) {
    return CheckTree(expression.operands.front(), !negated);
  }
  std::vector<Condition> operands;
  for (const Expression& operand : expression.operands) {
    absl::StatusOr<Condition> condition = CheckTree(operand, negated);
    if (!condition.ok()) return condition;
    operands.push_back(*std::move(condition));
  }
  return Flatten(negated ? Opposite(expression.kind) : expression.kind,
                 std::move(operands));
}

}  // namespace

absl::StatusOr<Condition> Check(const Expression& expression) {
  return CheckTree(expression, /*negated=*/false);
}

absl::StatusOr<Condition> Compile(absl::string_view filter) {
  absl::StatusOr<Expression> expression = Parse(filter);
  if (!expression.ok()) return expression.status();
  return Check(*expression);
}

}  // namespace dateline::store::filter
