#ifndef DATELINE_FETCHER_WARC_FILE_H_
#define DATELINE_FETCHER_WARC_FILE_H_

#include <cstddef>
#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "fetcher/core/warc/import_state.h"

namespace dateline::fetcher {

// A file below the import folder, open for reading.
class WarcFile {
 public:
  // `path` is taken from `directory` on, or from the root on. Symbolic links
  // are followed, but not to the outside. The messages name the path as it was
  // given.
  //
  //   kFailedPrecondition  `directory` is empty or not there; `path` is a
  //                        directory, or neither file nor directory
  //   kPermissionDenied    it is outside, or can't be opened
  //   kNotFound            there is none
  //   kInvalidArgument     it begins like no WARC file
  static absl::StatusOr<WarcFile> Open(const std::string& directory,
                                       const std::string& path);

  WarcFile(WarcFile&& other) noexcept;
  WarcFile& operator=(WarcFile&&) = delete;
  ~WarcFile();

  const WarcFileIdentity& identity() const { return identity_; }

  // At most `max_bytes` from `offset` on; empty at the end of the file as it
  // was when it was opened. kDataLoss where it can't be read or was cut
  // meanwhile.
  absl::StatusOr<std::string> Read(int64_t offset, size_t max_bytes) const;

 private:
  explicit WarcFile(int fd) : fd_(fd) {}

  int fd_;
  WarcFileIdentity identity_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WARC_FILE_H_
