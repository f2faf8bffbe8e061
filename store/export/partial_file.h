#ifndef DATELINE_STORE_EXPORT_PARTIAL_FILE_H_
#define DATELINE_STORE_EXPORT_PARTIAL_FILE_H_

#include <string>

#include "absl/status/status.h"

namespace dateline::store {

// A file that appears under its name only when it is whole: it is written
// beside, as `path()`, and removed there unless Commit returned OK. The "-" of
// standard output is itself.
class PartialFile {
 public:
  explicit PartialFile(std::string target);
  PartialFile(const PartialFile&) = delete;
  PartialFile& operator=(const PartialFile&) = delete;
  ~PartialFile();

  // Where to write.
  const std::string& path() const { return path_; }

  // After the last write: brings the file to the disk and gives it its name,
  // in the place of one that was there.
  absl::Status Commit();

 private:
  const std::string target_;
  const std::string path_;
  bool committed_ = false;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_PARTIAL_FILE_H_
