#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/core/filter/limits.h"
#include "store/core/filter/parser.h"

namespace dateline::store::filter {
namespace {

// The tree in Lisp's notation.
std::string Show(const Expression& expression) {
  if (expression.kind == TreeKind::kLeaf) {
    return absl::StrCat(expression.leaf.field, OperatorText(expression.leaf.op),
                        expression.leaf.value.text);
  }
  const char* name = expression.kind == TreeKind::kAll   ? "and"
                     : expression.kind == TreeKind::kAny ? "or"
                                                         : "not";
  std::string shown = absl::StrCat("(", name);
  for (const Expression& operand : expression.operands) {
    absl::StrAppend(&shown, " ", Show(operand));
  }
  return shown + ")";
}

std::string Parsed(absl::string_view filter) {
  const absl::StatusOr<Expression> expression = Parse(filter);
  return expression.ok() ? Show(*expression)
                         : std::string(expression.status().message());
}

std::string Repeat(absl::string_view part, int times) {
  std::string text;
  for (int i = 0; i < times; ++i) absl::StrAppend(&text, part);
  return text;
}

TEST(FilterParser, EmptyFilterIsTrue) {
  EXPECT_EQ(Parsed(""), "(and)");
  EXPECT_EQ(Parsed(" \t\n"), "(and)");
}

TEST(FilterParser, KeepsFieldOperatorValueAndPositions) {
  const absl::StatusOr<Expression> expression = Parse("  domain != \"*.pk\"");
  ASSERT_TRUE(expression.ok()) << expression.status();
  EXPECT_EQ(*expression, (Expression{.kind = TreeKind::kLeaf,
                                     .leaf = {.field = "domain",
                                              .field_position = 3,
                                              .op = Operator::kNotEqual,
                                              .op_position = 10,
                                              .value = {.text = ".pk",
                                                        .wildcards = {0},
                                                        .position = 13}}}));
}

TEST(FilterParser, TakesEveryOperatorWithAndWithoutSpaces) {
  for (const char* op : {"=", "!=", "<", "<=", ">", ">=", ":"}) {
    EXPECT_EQ(Parsed(absl::StrCat("a", op, "b")), absl::StrCat("a", op, "b"));
    EXPECT_EQ(Parsed(absl::StrCat("a ", op, " b")), absl::StrCat("a", op, "b"));
  }
}

TEST(FilterParser, OrBindsCloserThanAnd) {
  EXPECT_EQ(Parsed("a=1 AND b=2 OR c=3"), "(and a=1 (or b=2 c=3))");
  EXPECT_EQ(Parsed("a=1 OR b=2 AND c=3"), "(and (or a=1 b=2) c=3)");
}

TEST(FilterParser, JuxtapositionIsAnd) {
  EXPECT_EQ(Parsed("a=1 b=2 OR c=3 d=4"), "(and a=1 (or b=2 c=3) d=4)");
  EXPECT_EQ(Parsed("a=1 b=2 AND c=3"), "(and a=1 b=2 c=3)");
  EXPECT_EQ(Parsed("a=\"1\"b=2"), "(and a=1 b=2)");
}

TEST(FilterParser, ParenthesesGroup) {
  EXPECT_EQ(Parsed("(a=1 AND b=2) OR c=3"), "(or (and a=1 b=2) c=3)");
  EXPECT_EQ(Parsed("((a=1))"), "a=1");
}

TEST(FilterParser, NotAndMinusNegateOneTerm) {
  EXPECT_EQ(Parsed("NOT a=1 b=2"), "(and (not a=1) b=2)");
  EXPECT_EQ(Parsed("-a=1 OR NOT (b=2 c=3)"),
            "(or (not a=1) (not (and b=2 c=3)))");
}

TEST(FilterParser, SaysWhatWasExpectedAndWhere) {
  EXPECT_EQ(Parsed("publisher = Dawn AND section ="),
            "filter, position 31: expected a value after '='");
  EXPECT_EQ(Parsed("a = AND"),
            "filter, position 5: expected a value after '='");
  EXPECT_EQ(Parsed("a == b"), "filter, position 4: expected a value after '='");
  EXPECT_EQ(Parsed("economy"),
            "filter, position 8: expected one of = != < <= > >= : after "
            "'economy' (search finds words without a field)");
  EXPECT_EQ(Parsed("a=1 AND"), "filter, position 8: expected a field name");
  EXPECT_EQ(Parsed("a=1 \"b\""), "filter, position 5: expected a field name");
  EXPECT_EQ(Parsed("NOT NOT a=1"), "filter, position 5: expected a field name");
  EXPECT_EQ(Parsed("()"), "filter, position 2: expected a field name");
  EXPECT_EQ(Parsed("*=1"), "filter, position 1: expected a field name");
  EXPECT_EQ(Parsed("a=b=c"),
            "filter, position 4: expected AND, OR, a field name or the end");
  EXPECT_EQ(Parsed("a=1)"),
            "filter, position 4: expected an opening '(' for the ')' here");
  EXPECT_EQ(
      Parsed("(a=1 (b=2)"),
      "filter, position 11: expected a closing ')' for the '(' at position 1");
}

TEST(FilterParser, BoundsParentheses) {
  const auto nested = [](int depth) {
    return Parsed(Repeat("(", depth) + "a=1" + Repeat(")", depth));
  };
  EXPECT_EQ(nested(kMaxParentheses), "a=1");
  EXPECT_EQ(nested(kMaxParentheses + 1),
            "filter, position 8: more than 7 parentheses in each other");
  EXPECT_EQ(Parsed(Repeat("(a=1)", 100)),
            absl::StrCat("(and", Repeat(" a=1", 100), ")"));
}

TEST(FilterParser, BoundsRestrictions) {
  EXPECT_EQ(Parsed(Repeat("a=1 ", kMaxRestrictions)),
            absl::StrCat("(and", Repeat(" a=1", kMaxRestrictions), ")"));
  EXPECT_EQ(Parsed(Repeat("a=1 ", kMaxRestrictions + 1)),
            "filter, position 801: more than 200 restrictions");
}

}  // namespace
}  // namespace dateline::store::filter
