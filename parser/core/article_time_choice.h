#ifndef DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_
#define DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// One place that states a time.
struct TimeCandidate {
  v1::EvidenceSource source;
  std::string detail;
  v1::ArticleTime time;
};

// The detail of a meta element's second reading, where it isn't clear whether
// day or month comes first.
inline constexpr char kOtherOrder[] = "other order of day and month";

// The day with most votes, the earlier source among equals; of that day the
// first statement that knows the clock. The list must not be empty.
size_t BestTime(const std::vector<TimeCandidate>& candidates);

// Where a page states a time in UTC for machines and by its own clock for
// people, the two together tell its offset; where people are told only a day,
// the nearest offset that gives that day. 0 where nothing is to be learnt.
int OffsetByClock(const v1::ArticleTime& utc,
                  const std::vector<TimeCandidate>& candidates);

// The offset by which a time in UTC is midnight in `country` (ISO 3166-1
// alpha-2), as it is where a system knows only the day; 0 where it isn't in all
// of the country, or is in UTC itself.
int OffsetOfMidnight(const v1::ArticleTime& utc, absl::string_view country);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_
