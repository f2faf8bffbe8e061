#include "store/core/filter/parser.h"

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "store/core/filter/error.h"
#include "store/core/filter/lexer.h"
#include "store/core/filter/limits.h"

namespace dateline::store::filter {
namespace {

constexpr Operator kOperators[] = {
    Operator::kEqual,       Operator::kNotEqual, Operator::kLess,
    Operator::kLessOrEqual, Operator::kGreater,  Operator::kGreaterOrEqual,
    Operator::kHas};

Operator ToOperator(absl::string_view text) {
  for (const Operator op : kOperators) {
    if (OperatorText(op) == text) return op;
  }
  return Operator::kHas;
}

// By recursive descent; only parentheses recurse, and they are counted.
class Parser {
 public:
  explicit Parser(std::vector<Token> tokens) : tokens_(std::move(tokens)) {}

  absl::StatusOr<Expression> Run() {
    if (Is(TokenKind::kEnd)) return Expression{};
    absl::StatusOr<Expression> expression = Conjunction();
    if (!expression.ok() || Is(TokenKind::kEnd)) return expression;
    return Expected(Is(TokenKind::kClose) ? "an opening '(' for the ')' here"
                                          : "AND, OR, a field name or the end");
  }

 private:
  // disjunction {[AND] disjunction}
  absl::StatusOr<Expression> Conjunction() {
    std::vector<Expression> operands;
    do {
      absl::StatusOr<Expression> operand = Disjunction();
      if (!operand.ok()) return operand;
      operands.push_back(*std::move(operand));
    } while (Take(TokenKind::kAnd) || BeginsTerm());
    return Combine(TreeKind::kAll, std::move(operands));
  }

  // term {OR term}
  absl::StatusOr<Expression> Disjunction() {
    std::vector<Expression> operands;
    do {
      absl::StatusOr<Expression> operand = Term();
      if (!operand.ok()) return operand;
      operands.push_back(*std::move(operand));
    } while (Take(TokenKind::kOr));
    return Combine(TreeKind::kAny, std::move(operands));
  }

  // [NOT | -] (restriction | "(" conjunction ")")
  absl::StatusOr<Expression> Term() {
    const bool negated = Take(TokenKind::kNot) || Take(TokenKind::kMinus);
    absl::StatusOr<Expression> term =
        Is(TokenKind::kOpen) ? Parenthesis() : AnyRestriction();
    if (!negated || !term.ok()) return term;
    Expression result = {.kind = TreeKind::kNot};
    result.operands.push_back(*std::move(term));
    return result;
  }

  absl::StatusOr<Expression> Parenthesis() {
    const int position = Current().position;
    if (++parentheses_ > kMaxParentheses) {
      return FilterError(position, absl::StrCat("more than ", kMaxParentheses,
                                                " parentheses in each other"));
    }
    Advance();
    absl::StatusOr<Expression> inner = Conjunction();
    if (!inner.ok()) return inner;
    if (!Take(TokenKind::kClose)) {
      return Expected(
          absl::StrCat("a closing ')' for the '(' at position ", position));
    }
    --parentheses_;
    return inner;
  }

  absl::StatusOr<Expression> AnyRestriction() {
    if (!Is(TokenKind::kText) || !Current().wildcards.empty()) {
      return Expected("a field name");
    }
    if (++restrictions_ > kMaxRestrictions) {
      return FilterError(
          Current().position,
          absl::StrCat("more than ", kMaxRestrictions, " restrictions"));
    }
    Restriction restriction = {.field = Current().text,
                               .field_position = Current().position};
    Advance();
    if (!Is(TokenKind::kOperator)) {
      return Expected(absl::StrCat("one of = != < <= > >= : after ",
                                   Quoted(restriction.field),
                                   " (search finds words without a field)"));
    }
    const std::string op = Current().text;
    restriction.op = ToOperator(op);
    restriction.op_position = Current().position;
    Advance();
    if (!Is(TokenKind::kText) && !Is(TokenKind::kString)) {
      return Expected(absl::StrCat("a value after '", op, "'"));
    }
    restriction.value = {.text = Current().text,
                         .wildcards = Current().wildcards,
                         .position = Current().position};
    Advance();
    return Expression{.kind = TreeKind::kLeaf, .leaf = std::move(restriction)};
  }

  bool BeginsTerm() const {
    return Is(TokenKind::kText) || Is(TokenKind::kString) ||
           Is(TokenKind::kNot) || Is(TokenKind::kMinus) || Is(TokenKind::kOpen);
  }

  absl::Status Expected(absl::string_view what) const {
    return FilterError(Current().position, absl::StrCat("expected ", what));
  }

  const Token& Current() const { return tokens_[next_]; }
  bool Is(TokenKind kind) const { return Current().kind == kind; }
  void Advance() { ++next_; }
  bool Take(TokenKind kind) {
    if (!Is(kind)) return false;
    Advance();
    return true;
  }

  const std::vector<Token> tokens_;  // the last one is kEnd, never taken
  size_t next_ = 0;
  int parentheses_ = 0;
  int restrictions_ = 0;
};

}  // namespace

absl::string_view OperatorText(Operator op) {
  switch (op) {
    case Operator::kEqual:
      return "=";
    case Operator::kNotEqual:
      return "!=";
    case Operator::kLess:
      return "<";
    case Operator::kLessOrEqual:
      return "<=";
    case Operator::kGreater:
      return ">";
    case Operator::kGreaterOrEqual:
      return ">=";
    case Operator::kHas:
      return ":";
  }
  return "";
}

absl::StatusOr<Expression> Parse(absl::string_view filter) {
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(filter);
  if (!tokens.ok()) return tokens.status();
  return Parser(*std::move(tokens)).Run();
}

}  // namespace dateline::store::filter
