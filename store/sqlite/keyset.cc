#include "store/sqlite/keyset.h"

#include <limits>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "common/error_details.h"

namespace dateline::store {

std::string ToCursor(const TimeKey& key) {
  return absl::StrCat(key.time_us, ":", key.uid);
}

absl::StatusOr<TimeKey> TimeKeyOf(absl::string_view cursor, bool descending) {
  if (cursor.empty()) {
    // U+10FFFF is behind every uid, the empty text before.
    return descending ? TimeKey{std::numeric_limits<int64_t>::max(),
                                "\xf4\x8f\xbf\xbf"}
                      : TimeKey{std::numeric_limits<int64_t>::min(), ""};
  }
  const std::pair<absl::string_view, absl::string_view> parts =
      absl::StrSplit(cursor, absl::MaxSplits(':', 1));
  TimeKey key = {0, std::string(parts.second)};
  if (!absl::SimpleAtoi(parts.first, &key.time_us)) return ForeignCursor();
  return key;
}

absl::Status ForeignCursor() {
  return InvalidField("page_token", "is none of this store");
}

}  // namespace dateline::store
