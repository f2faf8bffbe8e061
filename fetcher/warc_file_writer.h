#ifndef DATELINE_FETCHER_WARC_FILE_WRITER_H_
#define DATELINE_FETCHER_WARC_FILE_WRITER_H_

#include <cstdint>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "dateline/v1/page.pb.h"

namespace dateline::fetcher {

struct WarcFileOptions {
  std::string directory;
  // Part of the files' names; differs between the replicas that share the
  // directory, and stays the same over a restart.
  std::string replica;
  // A file is closed once it has that many bytes, or is that old.
  int64_t max_bytes = 1'000'000'000;
  absl::Duration max_age = absl::Hours(1);
  // The largest page there may be, headers included: larger ones at the end of
  // a file that was left open are cut off.
  int64_t max_block_bytes = 64 * 1024 * 1024;
  // What the warcinfo record says, where not empty.
  std::string software;
  std::string contact;
};

// Writes pages to WARC 1.1 files, each record a gzip member of its own:
// `dateline-TIME-NUMBER-REPLICA.warc.gz`, with a warcinfo record first. While a
// file is written its name ends in `.open`, and it is locked (flock). Each page
// is one write: after a crash a file ends in a whole record, or in one cut off,
// which TakeUpLeftovers cuts away.
//
// A page that can't be written (disk full) leaves its file as it was. One
// thread at a time.
class WarcFileWriter {
 public:
  explicit WarcFileWriter(WarcFileOptions options);
  // Closes.
  ~WarcFileWriter();
  WarcFileWriter(const WarcFileWriter&) = delete;
  WarcFileWriter& operator=(const WarcFileWriter&) = delete;

  // Closes what this replica left open when it died: cuts off what comes behind
  // the last whole record, and takes `.open` off the name. An empty file is
  // removed.
  absl::Status TakeUpLeftovers();

  // Writes one response record. `address` is the server's, and may be empty.
  // Begins a file where there is none or the present one is full.
  absl::Status Append(const v1::RawPage& page, absl::string_view address,
                      absl::Time now);

  // Closes the file where it is too old.
  absl::Status CloseIfOld(absl::Time now);

  // Syncs the file to the disk, and takes `.open` off its name.
  absl::Status Close();

 private:
  absl::Status Begin(absl::Time now);
  absl::Status Write(absl::string_view bytes);
  absl::Status TakeUp(const std::string& path) const;

  const WarcFileOptions options_;
  int fd_ = -1;
  std::string path_;  // without ".open"
  std::string warcinfo_uuid_;
  int64_t bytes_ = 0;
  absl::Time begin_;
  int number_ = 0;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WARC_FILE_WRITER_H_
