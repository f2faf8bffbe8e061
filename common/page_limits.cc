#include "common/page_limits.h"

#include "absl/strings/str_cat.h"

namespace dateline {

absl::Status CheckPageLimits(int64_t fetched_bytes,
                             const std::map<std::string, int64_t>& topic_bytes,
                             int64_t parsed_bytes) {
  for (const auto& [topic, bytes] : topic_bytes) {
    if (fetched_bytes <= parsed_bytes &&
        fetched_bytes + kRecordOverheadBytes <= bytes) {
      continue;
    }
    return absl::FailedPreconditionError(absl::StrCat(
        "the limits of pages disagree: the fetcher takes ", fetched_bytes,
        " bytes (--max_body_bytes), the topic ", topic, " ", bytes,
        " (max.message.bytes), the parser ", parsed_bytes,
        "; the fetcher's must not be above the parser's, and the topic's at "
        "least ",
        kRecordOverheadBytes, " above the fetcher's"));
  }
  return absl::OkStatus();
}

}  // namespace dateline
