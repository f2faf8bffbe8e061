#include "store/core/filter/evaluator.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dateline::store::filter {
namespace {

bool ContainsIgnoringCase(absl::string_view text, absl::string_view part) {
  const auto equal = [](char a, char b) {
    return absl::ascii_tolower(static_cast<unsigned char>(a)) ==
           absl::ascii_tolower(static_cast<unsigned char>(b));
  };
  return std::search(text.begin(), text.end(), part.begin(), part.end(),
                     equal) != text.end();
}

bool Compare(const TextMatch& match, absl::string_view text) {
  switch (match.kind) {
    case TextMatch::Kind::kEquals:
      return match.ignore_case ? absl::EqualsIgnoreCase(text, match.text)
                               : text == match.text;
    case TextMatch::Kind::kBegins:
      return match.ignore_case ? absl::StartsWithIgnoreCase(text, match.text)
                               : absl::StartsWith(text, match.text);
    case TextMatch::Kind::kEnds:
      return match.ignore_case ? absl::EndsWithIgnoreCase(text, match.text)
                               : absl::EndsWith(text, match.text);
    case TextMatch::Kind::kContains:
      return match.ignore_case ? ContainsIgnoringCase(text, match.text)
                               : absl::StrContains(text, match.text);
  }
  return false;
}

int64_t Micros(const google::protobuf::Timestamp& time) {
  return absl::ToUnixMicros(absl::FromUnixSeconds(time.seconds()) +
                            absl::Nanoseconds(time.nanos()));
}

// Tests one field of an article; one overload for each kind of value.
struct FieldTest {
  const Predicate& predicate;

  bool Text(absl::string_view text) const {
    const auto* match = std::get_if<TextMatch>(&predicate.test);
    return match == nullptr ? !text.empty() : Compare(*match, text);
  }

  bool Enum(int number) const {
    const auto* match = std::get_if<EnumMatch>(&predicate.test);
    return match == nullptr ? number != 0 : number == match->number;
  }

  bool Time(std::optional<int64_t> us) const {
    if (!us.has_value()) return false;
    const auto* range = std::get_if<TimeRange>(&predicate.test);
    if (range == nullptr) return true;
    return (!range->begin_us || *us >= *range->begin_us) &&
           (!range->end_us || *us < *range->end_us);
  }
};

bool AnyAuthor(const FieldTest& test, const v1::Article& article) {
  return std::any_of(
      article.authors().begin(), article.authors().end(),
      [&](const v1::Author& author) { return test.Text(author.name()); });
}

bool AnyKeyword(const FieldTest& test, const v1::Article& article) {
  return std::any_of(
      article.keywords().begin(), article.keywords().end(),
      [&](const std::string& keyword) { return test.Text(keyword); });
}

std::optional<int64_t> PublishTime(const v1::Article& article) {
  if (!article.publish_time().has_time()) return std::nullopt;
  return Micros(article.publish_time().time());
}

std::optional<int64_t> FetchTime(const v1::Article& article) {
  if (!article.has_fetch_time()) return std::nullopt;
  return Micros(article.fetch_time());
}

bool Holds(const Predicate& predicate, const v1::Article& article) {
  const FieldTest test = {predicate};
  switch (predicate.field) {
    case Field::kPublisher:
      return test.Text(article.publisher().name());
    case Field::kDomain:
      return test.Text(article.publisher().domain());
    case Field::kLanguage:
      return test.Text(article.language().tag());
    case Field::kSection:
      return test.Text(article.section());
    case Field::kAuthor:
      return AnyAuthor(test, article);
    case Field::kKeyword:
      return AnyKeyword(test, article);
    case Field::kAccess:
      return test.Enum(article.access());
    case Field::kArticleType:
      return test.Enum(article.article_type());
    case Field::kPublishTime:
      return test.Time(PublishTime(article));
    case Field::kFetchTime:
      return test.Time(FetchTime(article));
    case Field::kHeadline:
      return test.Text(article.headline());
  }
  return false;
}

}  // namespace

bool Matches(const Condition& condition, const v1::Article& article) {
  const auto matches = [&](const Condition& operand) {
    return Matches(operand, article);
  };
  const auto& operands = condition.operands;
  switch (condition.kind) {
    case TreeKind::kAll:
      return std::all_of(operands.begin(), operands.end(), matches);
    case TreeKind::kAny:
      return std::any_of(operands.begin(), operands.end(), matches);
    case TreeKind::kNot:
      return !matches(operands.front());
    case TreeKind::kLeaf:
      return Holds(condition.leaf, article) != condition.leaf.negated;
  }
  return false;
}

}  // namespace dateline::store::filter
