// Any bytes as a feed's time.
#include <cstddef>
#include <cstdint>
#include <optional>

#include "absl/time/time.h"
#include "fetcher/core/feed_time.h"
#include "tests/fuzz/properties.h"

namespace dateline::fetcher {
namespace {

void Check(absl::string_view text) {
  const std::optional<v1::ArticleTime> time = ParseFeedTime(text);
  const std::optional<v1::ArticleTime> again = ParseFeedTime(text);
  Require(time.has_value() == again.has_value());
  if (!time.has_value()) return;
  Require(time->SerializeAsString() == again->SerializeAsString());
  RequireReadable(*time);
  Require(time->raw().size() <= 200);
  Require(time->offset_known() || time->offset_minutes() == 0);
  Require(time->precision() != v1::TIME_PRECISION_UNSPECIFIED);
  const absl::Time at = absl::FromUnixSeconds(time->time().seconds());
  const auto year = absl::ToCivilYear(at, absl::UTCTimeZone()).year();
  Require(year >= 1899 && year <= 10'000);
  if (year < 1900 || year > 9999) return;
  // Written by either standard it is that time again.
  for (const char* format :
       {"%Y-%m-%dT%H:%M:%SZ", "%a, %d %b %Y %H:%M:%S +0000"}) {
    const std::optional<v1::ArticleTime> written =
        ParseFeedTime(absl::FormatTime(format, at, absl::UTCTimeZone()));
    Require(written.has_value());
    Require(written->time().seconds() == time->time().seconds());
  }
}

}  // namespace
}  // namespace dateline::fetcher

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::fetcher::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
