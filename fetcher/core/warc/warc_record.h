#ifndef DATELINE_FETCHER_CORE_WARC_WARC_RECORD_H_
#define DATELINE_FETCHER_CORE_WARC_WARC_RECORD_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// A named field of a record's head.
struct WarcField {
  std::string name;   // as written
  std::string value;  // unfolded, without surrounding white space

  bool operator==(const WarcField&) const = default;
};

// One record as read (ISO 28500).
struct WarcRecord {
  std::string version;  // "1.0", "1.1"
  std::vector<WarcField> fields;
  std::string block;

  // Where it begins in the file: its first byte, or that of the gzip member or
  // zstd frame that it stands in.
  int64_t offset = 0;
  // Where to go on behind it, after a restart too. In a member of several
  // records, which the standard advises against, this is `offset` for all but
  // the last.
  int64_t end_offset = 0;
  // How many records stand before it in its member; 0 in a proper file.
  int64_t index_in_member = 0;

  // The first field of that name in any case; empty where there is none.
  absl::string_view Field(absl::string_view name) const {
    for (const WarcField& field : fields) {
      if (absl::EqualsIgnoreCase(field.name, name)) return field.value;
    }
    return "";
  }
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_WARC_RECORD_H_
