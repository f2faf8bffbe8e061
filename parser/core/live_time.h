#ifndef DATELINE_PARSER_CORE_LIVE_TIME_H_
#define DATELINE_PARSER_CORE_LIVE_TIME_H_

#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/types/optional.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/dates_clock.h"
#include "parser/core/page_model.h"

namespace dateline {

// When an entry of a live blog says it was written.
struct EntryTime {
  // Set where the entry names the day.
  absl::optional<v1::ArticleTime> time;
  // Else the clock's time alone.
  absl::optional<ClockTime> clock;
  std::string raw;
  // The block that is nothing but the time; -1 where there is none.
  int block = -1;
};

// Reads a box's time: a <time> element, microdata, an attribute made for it
// ("data-timestamp"), else a short line or a heading that begins with a clock's
// time or a date. Nothing where it has none. Looks at 300 nodes. `language` as
// in DateContext.
absl::optional<EntryTime> TimeOfEntry(const PageModel& model, int box,
                                      absl::string_view language);

// Whether a short line is a clock's time and little else.
bool IsClockLine(const TextBlock& block);

// Whether a line begins with a clock's time ("10:32", "10.32 Uhr", "10h32").
absl::optional<ClockTime> ClockAtStart(absl::string_view text);

// Gives clock times of entries, in the page's order, their days. Newest first
// they go back from the article's modified_time, else on from its publish_time,
// by a day where the clock jumps; where one of the two is missing the other
// names the day. Their offset is the clock's own, else that of the article's
// time unless that is in UTC, else unknown. Times stay empty where the article
// has neither.
void DateEntries(const v1::Article& article, std::vector<EntryTime>* times);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LIVE_TIME_H_
