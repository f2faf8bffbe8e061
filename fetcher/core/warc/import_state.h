#ifndef DATELINE_FETCHER_CORE_WARC_IMPORT_STATE_H_
#define DATELINE_FETCHER_CORE_WARC_IMPORT_STATE_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "dateline/v1/fetcher_service.pb.h"
#include "dateline/v1/warc_import.pb.h"
#include "fetcher/core/warc/warc_record.h"

namespace dateline::fetcher {

// How much of a file's beginning tells it from another of its name and size.
inline constexpr size_t kWarcIdentityBytes = 64 * 1024;

struct WarcFileIdentity {
  std::string name;  // its path below the import folder
  int64_t size_bytes = 0;
  std::string head_sha256;  // of its first kWarcIdentityBytes

  bool operator==(const WarcFileIdentity&) const = default;
};

// Where an import stands, from record to record. What Snapshot gives after a
// record, written with that record's page, lets another ImportState go on
// behind it as if nothing had happened between.
class ImportState {
 public:
  // `known` is the last snapshot of a file of that name; it is not used where
  // that was another file.
  ImportState(const WarcFileIdentity& file,
              const std::optional<v1::WarcImport>& known);

  bool is_finished() const { return import_.finished(); }
  // Where a WarcReader is to begin.
  int64_t start_offset() const { return start_offset_; }
  int64_t records() const { return import_.records(); }

  // Of each record in turn, with the reader's skipped() as it is then: whether
  // it is a new one, and not dealt with before `known` was written. Each new
  // one then is a page or skipped.
  bool Take(const WarcRecord& record,
            const std::map<std::string, int64_t>& reader_skipped);
  void CountPage();
  void CountSkip(const std::string& code);
  // The file is at its end.
  void Finish(const std::map<std::string, int64_t>& reader_skipped);

  v1::WarcImport Snapshot(absl::Time now) const;
  // For the caller, of a reader that stands at `position`.
  v1::ImportWarcResponse Progress(int64_t position) const;

 private:
  void CountReaderSkips(const std::map<std::string, int64_t>& reader_skipped);

  v1::WarcImport import_;
  int64_t start_offset_ = 0;
  // The last record of `known`; it is read again.
  int64_t known_offset_ = -1;
  int64_t known_index_ = -1;
  bool was_finished_ = false;
  // What the reader has skipped and import_ has counted.
  std::map<std::string, int64_t> counted_skips_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_IMPORT_STATE_H_
