#include "common/rpc/file_stamp.h"

#include <sys/stat.h>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dateline::rpc {

absl::StatusOr<FileStamp> ReadFileStamp(const std::string& path) {
  struct stat found = {};
  if (stat(path.c_str(), &found) != 0) {
    return absl::NotFoundError(absl::StrCat("can't read ", path));
  }
  return FileStamp{found.st_dev, found.st_ino, found.st_size,
                   absl::TimeFromTimespec(found.st_mtim),
                   absl::TimeFromTimespec(found.st_ctim)};
}

}  // namespace dateline::rpc
