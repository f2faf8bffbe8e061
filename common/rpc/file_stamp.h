#ifndef DATELINE_COMMON_RPC_FILE_STAMP_H_
#define DATELINE_COMMON_RPC_FILE_STAMP_H_

#include <sys/types.h>

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace dateline::rpc {

// What tells one content of a file from another.
struct FileStamp {
  dev_t device = 0;
  ino_t inode = 0;
  off_t size_bytes = 0;
  absl::Time modified = {};
  absl::Time changed = {};  // its rights, too
  bool operator==(const FileStamp&) const = default;
};

// Of the file that `path` leads to, symbolic links followed: a mounted Secret
// changes by one. Take it before the file is read, so that a change amid the
// reading is seen by the next look. kNotFound where there is none.
absl::StatusOr<FileStamp> ReadFileStamp(const std::string& path);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_FILE_STAMP_H_
