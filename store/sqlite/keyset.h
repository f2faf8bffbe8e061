#ifndef DATELINE_STORE_SQLITE_KEYSET_H_
#define DATELINE_STORE_SQLITE_KEYSET_H_

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"

namespace dateline::store {

// Where a page that is ordered by a time and a uid ended, as a cursor.
struct TimeKey {
  int64_t time_us = 0;
  std::string uid = {};

  bool operator==(const TimeKey&) const = default;
};

// "TIME:UID".
std::string ToCursor(const TimeKey& key);

// The key of a cursor; before the first row in that direction where it is
// empty. kInvalidArgument where ToCursor didn't make it.
absl::StatusOr<TimeKey> TimeKeyOf(absl::string_view cursor, bool descending);

absl::Status ForeignCursor();

}  // namespace dateline::store

#endif  // DATELINE_STORE_SQLITE_KEYSET_H_
