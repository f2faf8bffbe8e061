#ifndef DATELINE_FETCHER_CORE_FEED_TIME_H_
#define DATELINE_FETCHER_CORE_FEED_TIME_H_

#include <optional>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"

namespace dateline::fetcher {

// A time as feeds state it: RFC 822 with two- or four-digit years, the day of
// the week left out or wrong, zones as offsets or by RFC 822's names; or RFC
// 3339, and W3C's profile of ISO 8601, which may stop at the day or minute.
// None where the text is neither.
std::optional<v1::ArticleTime> ParseFeedTime(absl::string_view text);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_FEED_TIME_H_
