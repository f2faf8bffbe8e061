#ifndef DATELINE_PARSER_CORE_DATES_H_
#define DATELINE_PARSER_CORE_DATES_H_

#include <string>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/optional.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// What helps to read a date written for people.
struct DateContext {
  // BCP 47 tag, or "": month names and the order of day and month.
  absl::string_view language;
  // What "two hours ago" counts from; not read where infinite.
  absl::Time now = absl::InfiniteFuture();
};

// Reads a time in one of the forms made for machines: ISO 8601 and its
// relatives (date alone, basic form, space for "T", slashes or dots for
// hyphens, any fraction, "Z", "+01", "+0100", "GMT"), and seconds or
// milliseconds since the Unix epoch. The text must begin with it. Years 1990 to
// 2100.
absl::optional<v1::ArticleTime> ReadMachineTime(absl::string_view text);

// Reads the first date in a text for people, with the clock time and zone that
// stand beside it: "24 avril 2024 à 9h30", "April 24th, 2024, 9:30 p.m. EDT",
// "24.04.2024, 09:30 Uhr", "2024年4月24日 9時30分", "vor 3 Stunden". Month
// names are those of the 25 most read languages; digits those of any script.
// Looks at the first 400 bytes.
absl::optional<v1::ArticleTime> ReadDate(absl::string_view text,
                                         const DateContext& context);

// The date in a URL's path ("/2024/04/24/", "/20240424/", "-24-04-2024").
absl::optional<v1::ArticleTime> ReadUrlDate(absl::string_view url);

// A line that says where and when a piece was printed: "Published in Dawn,
// February 15th, 2022".
struct PublishedInLine {
  std::string publication;
  v1::ArticleTime time;
};
absl::optional<PublishedInLine> ReadPublishedInLine(absl::string_view line);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DATES_H_
