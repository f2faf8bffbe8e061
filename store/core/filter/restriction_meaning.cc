#include "store/core/filter/restriction_meaning.h"

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/string_view.h"
#include "google/protobuf/descriptor.h"
#include "store/core/filter/error.h"
#include "store/core/filter/times.h"

namespace dateline::store::filter {
namespace {

using Test = decltype(Predicate::test);

Condition Leaf(Field field, Test test, bool negated = false) {
  return {
      .kind = TreeKind::kLeaf,
      .leaf = {.field = field, .test = std::move(test), .negated = negated}};
}

bool IsOrder(Operator op) {
  return op != Operator::kEqual && op != Operator::kNotEqual &&
         op != Operator::kHas;
}

// "field:*"
bool AsksForPresence(const Restriction& restriction) {
  return !IsOrder(restriction.op) && restriction.value.text.empty() &&
         !restriction.value.wildcards.empty();
}

absl::Status WrongOperator(const Restriction& restriction) {
  return FilterError(restriction.op_position,
                     absl::StrCat("operator '", OperatorText(restriction.op),
                                  "' doesn't fit field '", restriction.field,
                                  "', which takes = != :"));
}

// Which test the wildcards of a text make it; none where there are none.
absl::StatusOr<std::optional<TextMatch::Kind>> WildcardKind(
    const Restriction& restriction) {
  const Value& value = restriction.value;
  bool leading = false;
  bool trailing = false;
  for (const size_t offset : value.wildcards) {
    if (offset != 0 && offset != value.text.size()) {
      return FilterError(
          value.position,
          absl::StrCat("expected '*' only at the beginning or end of a value "
                       "of '",
                       restriction.field, "' (\\* is the character itself)"));
    }
    (offset == 0 ? leading : trailing) = true;
  }
  std::optional<TextMatch::Kind> kind;
  if (leading) kind = TextMatch::Kind::kEnds;
  if (trailing) kind = TextMatch::Kind::kBegins;
  if (leading && trailing) kind = TextMatch::Kind::kContains;
  return kind;
}

// RFC 4647 §3.3.1: the tag, or one that goes on behind it with a hyphen.
Condition LanguageRange(const std::string& tag) {
  using Kind = TextMatch::Kind;
  std::vector<Condition> either;
  either.push_back(Leaf(Field::kLanguage, TextMatch{Kind::kEquals, tag, true}));
  either.push_back(
      Leaf(Field::kLanguage,
           TextMatch{Kind::kBegins, absl::StrCat(tag, "-"), true}));
  return Combine(TreeKind::kAny, std::move(either));
}

absl::StatusOr<Condition> TextMeaning(const FieldInfo& info,
                                      const Restriction& restriction) {
  if (IsOrder(restriction.op)) return WrongOperator(restriction);
  const std::string& text = restriction.value.text;
  const bool has = restriction.op == Operator::kHas;
  if (text.empty()) {
    if (!has) return Leaf(info.field, Present{}, /*negated=*/true);
    return FilterError(restriction.value.position,
                       "expected a value that isn't empty after ':'");
  }
  absl::StatusOr<std::optional<TextMatch::Kind>> kind =
      WildcardKind(restriction);
  if (!kind.ok()) return kind.status();
  if (has && !kind->has_value()) {
    if (info.type == FieldType::kLanguage) return LanguageRange(text);
    if (info.type == FieldType::kText) kind = TextMatch::Kind::kContains;
  }
  return Leaf(info.field,
              TextMatch{kind->value_or(TextMatch::Kind::kEquals), text, has});
}

// "FREE, METERED, ..."
std::string ShortNames(const google::protobuf::EnumDescriptor& values,
                       size_t prefix_size) {
  std::vector<std::string> names;
  for (int i = 0; i < values.value_count(); ++i) {
    names.push_back(values.value(i)->name().substr(prefix_size));
  }
  return absl::StrJoin(names, ", ");
}

absl::StatusOr<Condition> EnumMeaning(const FieldInfo& info,
                                      const Restriction& restriction) {
  if (IsOrder(restriction.op)) return WrongOperator(restriction);
  const google::protobuf::EnumDescriptor& values = *EnumOf(info.field);
  const std::string prefix =
      absl::StrCat(absl::AsciiStrToUpper(info.name), "_");
  std::string name = absl::AsciiStrToUpper(restriction.value.text);
  if (!absl::StartsWith(name, prefix)) name = absl::StrCat(prefix, name);
  const auto* value = values.FindValueByName(name);
  if (value == nullptr || !restriction.value.wildcards.empty()) {
    return FilterError(
        restriction.value.position,
        absl::StrCat("expected one of ", ShortNames(values, prefix.size()),
                     " or * for field '", info.name, "'"));
  }
  if (value->number() == 0) return Leaf(info.field, Present{}, true);
  return Leaf(info.field, EnumMatch{value->number()});
}

absl::StatusOr<Condition> TimeMeaning(const FieldInfo& info,
                                      const Restriction& restriction) {
  const std::optional<TimeSpan> span =
      restriction.value.wildcards.empty()
          ? ParseTimeSpan(restriction.value.text)
          : std::nullopt;
  if (!span.has_value()) {
    return FilterError(
        restriction.value.position,
        absl::StrCat("expected a time like 2026-01-02T03:04:05Z or a date like "
                     "2026-01-02 for field '",
                     info.name, "', not ", Quoted(restriction.value.text)));
  }
  switch (restriction.op) {
    case Operator::kLess:
      return Leaf(info.field, TimeRange{.end_us = span->begin_us});
    case Operator::kLessOrEqual:
      return Leaf(info.field, TimeRange{.end_us = span->end_us});
    case Operator::kGreater:
      return Leaf(info.field, TimeRange{.begin_us = span->end_us});
    case Operator::kGreaterOrEqual:
      return Leaf(info.field, TimeRange{.begin_us = span->begin_us});
    case Operator::kEqual:
    case Operator::kNotEqual:
    case Operator::kHas:
      break;
  }
  return Leaf(info.field, TimeRange{span->begin_us, span->end_us});
}

}  // namespace

absl::StatusOr<Condition> Meaning(const Restriction& restriction) {
  const FieldInfo* info = FindField(restriction.field);
  if (info == nullptr) {
    return FilterError(restriction.field_position,
                       absl::StrCat("unknown field ", Quoted(restriction.field),
                                    "; known are ", KnownFields()));
  }
  if (AsksForPresence(restriction)) return Leaf(info->field, Present{});
  switch (info->type) {
    case FieldType::kText:
    case FieldType::kTextList:
    case FieldType::kLanguage:
      return TextMeaning(*info, restriction);
    case FieldType::kEnum:
      return EnumMeaning(*info, restriction);
    case FieldType::kTime:
      return TimeMeaning(*info, restriction);
  }
  return absl::InternalError("filter: a field without type");
}

}  // namespace dateline::store::filter
