#include "store/core/grouping.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "store/core/article_change.h"

namespace dateline::store {
namespace {

// The ISO week of the year that the week's Thursday lies in.
std::string WeekName(absl::CivilDay day) {
  const absl::CivilDay thursday =
      absl::NextWeekday(absl::PrevWeekday(day + 1, absl::Weekday::monday),
                        absl::Weekday::thursday);
  return absl::StrFormat("%04d-W%02d", thursday.year(),
                         (absl::GetYearDay(thursday) - 1) / 7 + 1);
}

void AddOnce(const std::string& name, std::vector<std::string>& names) {
  if (name.empty()) return;
  if (std::find(names.begin(), names.end(), name) == names.end()) {
    names.push_back(name);
  }
}

std::vector<std::string> OneOrNone(std::string name) {
  std::vector<std::string> names;
  if (!name.empty()) names.push_back(std::move(name));
  return names;
}

std::vector<std::string> AuthorNames(const v1::Article& article) {
  std::vector<std::string> names;
  for (const v1::Author& author : article.authors()) {
    AddOnce(author.name(), names);
  }
  return names;
}

std::vector<std::string> Keywords(const v1::Article& article) {
  std::vector<std::string> names;
  for (const std::string& keyword : article.keywords()) AddOnce(keyword, names);
  return names;
}

}  // namespace

bool IsTimeGrouping(v1::AggregateGrouping grouping) {
  return grouping == v1::AGGREGATE_GROUPING_HOUR ||
         grouping == v1::AGGREGATE_GROUPING_DAY ||
         grouping == v1::AGGREGATE_GROUPING_WEEK ||
         grouping == v1::AGGREGATE_GROUPING_MONTH;
}

std::string BucketName(v1::AggregateGrouping grouping, int64_t time_us) {
  const absl::CivilSecond time =
      absl::ToCivilSecond(absl::FromUnixMicros(time_us), absl::UTCTimeZone());
  if (grouping == v1::AGGREGATE_GROUPING_HOUR) {
    return absl::StrFormat("%04d-%02d-%02dT%02d:00:00Z", time.year(),
                           time.month(), time.day(), time.hour());
  }
  if (grouping == v1::AGGREGATE_GROUPING_WEEK) {
    return WeekName(absl::CivilDay(time));
  }
  if (grouping == v1::AGGREGATE_GROUPING_MONTH) {
    return absl::StrFormat("%04d-%02d", time.year(), time.month());
  }
  return absl::StrFormat("%04d-%02d-%02d", time.year(), time.month(),
                         time.day());
}

std::vector<std::string> GroupsOf(v1::AggregateGrouping grouping,
                                  const v1::Article& article) {
  switch (grouping) {
    case v1::AGGREGATE_GROUPING_PUBLISHER:
      return OneOrNone(article.publisher().name());
    case v1::AGGREGATE_GROUPING_DOMAIN:
      return OneOrNone(article.publisher().domain());
    case v1::AGGREGATE_GROUPING_LANGUAGE:
      return OneOrNone(article.language().tag());
    case v1::AGGREGATE_GROUPING_SECTION:
      return OneOrNone(article.section());
    case v1::AGGREGATE_GROUPING_AUTHOR:
      return AuthorNames(article);
    case v1::AGGREGATE_GROUPING_KEYWORD:
      return Keywords(article);
    case v1::AGGREGATE_GROUPING_ARTICLE_TYPE:
      if (article.article_type() == v1::ARTICLE_TYPE_UNSPECIFIED) return {};
      return OneOrNone(v1::ArticleType_Name(article.article_type()));
    case v1::AGGREGATE_GROUPING_HOUR:
    case v1::AGGREGATE_GROUPING_DAY:
    case v1::AGGREGATE_GROUPING_WEEK:
    case v1::AGGREGATE_GROUPING_MONTH:
      if (!article.publish_time().has_time()) return {};
      return {BucketName(grouping, ToMicros(article.publish_time().time()))};
    default:
      return {};
  }
}

}  // namespace dateline::store
