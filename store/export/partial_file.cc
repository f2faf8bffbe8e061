#include "store/export/partial_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dateline::store {

PartialFile::PartialFile(std::string target)
    : target_(std::move(target)),
      path_(target_ == "-" ? target_
                           : absl::StrCat(target_, ".partial-", getpid())) {}

PartialFile::~PartialFile() {
  if (!committed_ && path_ != target_) unlink(path_.c_str());
}

absl::Status PartialFile::Commit() {
  if (path_ != target_) {
    const int file = open(path_.c_str(), O_RDONLY | O_CLOEXEC);
    const bool synced = file >= 0 && fsync(file) == 0;
    const int error = errno;
    if (file >= 0) close(file);
    if (!synced) {
      return absl::ErrnoToStatus(error, absl::StrCat("writing ", path_));
    }
    if (std::rename(path_.c_str(), target_.c_str()) != 0) {
      return absl::ErrnoToStatus(
          errno, absl::StrCat("renaming ", path_, " to ", target_));
    }
  }
  committed_ = true;
  return absl::OkStatus();
}

}  // namespace dateline::store
