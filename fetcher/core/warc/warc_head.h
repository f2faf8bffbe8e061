#ifndef DATELINE_FETCHER_CORE_WARC_WARC_HEAD_H_
#define DATELINE_FETCHER_CORE_WARC_WARC_HEAD_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "fetcher/core/warc/warc_record.h"

namespace dateline::fetcher {

// Longer heads are no heads.
inline constexpr size_t kMaxWarcHeadBytes = 64 * 1024;

// What stands before a record's block.
struct WarcHead {
  std::string version;
  std::vector<WarcField> fields;
  int64_t content_length = 0;
};

// The length of the head at the start of `bytes` with the empty line that ends
// it; lines end with CRLF or LF. None while that line is missing.
std::optional<size_t> FindHeadEnd(absl::string_view bytes);

// Reads a head as FindHeadEnd measures it: version line, named fields with
// folded lines. The message of kInvalidArgument is a reason code: "bad_version"
// (other than 1.x), "bad_head", "bad_content_length".
absl::StatusOr<WarcHead> ParseWarcHead(absl::string_view head);

// Lines "name: value" with folded lines; those without colon are left out and
// counted in `*bad_lines`.
std::vector<WarcField> ParseFields(absl::string_view lines, int* bad_lines);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_WARC_HEAD_H_
