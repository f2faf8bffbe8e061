#ifndef DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_
#define DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_

#include <cstddef>
#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"

namespace dateline {

// One place that states a time.
struct TimeCandidate {
  v1::EvidenceSource source;
  std::string detail;
  v1::ArticleTime time;
};

// The day with most votes, the earlier source among equals; of that day the
// first statement that knows the clock. The list must not be empty.
size_t BestTime(const std::vector<TimeCandidate>& candidates);

// Where a page states a time in UTC for machines and by its own clock for
// people, the two together tell its offset; where people are told only a day,
// the nearest offset that gives that day. 0 where nothing is to be learnt.
int OffsetByClock(const v1::ArticleTime& utc,
                  const std::vector<TimeCandidate>& candidates);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ARTICLE_TIME_CHOICE_H_
