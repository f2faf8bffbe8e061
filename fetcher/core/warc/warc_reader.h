#ifndef DATELINE_FETCHER_CORE_WARC_WARC_READER_H_
#define DATELINE_FETCHER_CORE_WARC_WARC_READER_H_

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

#include "absl/strings/string_view.h"
#include "fetcher/core/warc/member_reader.h"
#include "fetcher/core/warc/warc_head.h"
#include "fetcher/core/warc/warc_record.h"

namespace dateline::fetcher {

struct WarcReaderOptions {
  // Where in the file the first byte fed stands: 0, or where a record, or the
  // compressed member that holds it, starts or ends.
  int64_t start_offset = 0;
  // To start behind the start of a .warc.zst file: what zstd_dictionary() of a
  // reader said that began there.
  std::string zstd_dictionary;
  // Larger records are left out.
  int64_t max_block_bytes = 64 * 1024 * 1024;
};

// Reads WARC 1.0 and 1.1 (ISO 28500) from pieces of a file: plain, gzip and
// zstd with a member for each record, .warc.zst with its dictionary, and files
// compressed as a whole. Not thread-safe.
//
//   while (there are bytes) {
//     reader.Feed(bytes);
//     while (auto record = reader.Next()) ...
//   }
//   reader.Finish();
//   while (auto record = reader.Next()) ...
//
// Holds what was fed since Next last gave none, two records, and 1 MiB. A
// record comes once its end was seen and, where compressed, its check sum was
// right. What is corrupt is counted once and left out, and reading goes on at
// the next record that can be found.
class WarcReader {
 public:
  explicit WarcReader(WarcReaderOptions options);

  void Feed(absl::string_view bytes) { members_.Feed(bytes); }
  void Finish() { members_.Finish(); }

  // The next record; none where more bytes are wanted, or after Finish where
  // there is no further one.
  std::optional<WarcRecord> Next();

  // What was left out, by reason: "corrupt_compression", "truncated_record",
  // "bad_record_start", "bad_record_end", "bad_version", "bad_head",
  // "bad_content_length", "head_too_large", "block_too_large".
  const std::map<std::string, int64_t>& skipped() const { return skipped_; }

  // How far in the file reading has come.
  int64_t position() const { return members_.position(); }

  // Empty where the file has none; known once the first record came.
  const std::string& zstd_dictionary() const { return members_.dictionary(); }

 private:
  enum class State { kHead, kBlock, kOversized, kDraining, kSearching };
  enum class Progress { kAgain, kNeedsMore };

  absl::string_view Rest() const {
    return absl::string_view(decoded_).substr(used_);
  }
  Progress Advance();
  Progress ReadHead();
  Progress ReadBlock();
  Progress PassOversized();
  Progress SearchPlain();
  Progress TakeRecord(size_t record_bytes);
  Progress Lose(absl::string_view reason);
  void Skip(absl::string_view reason);
  void CloseMember();
  void BreakMember();
  void ResetMember();
  void Use(size_t bytes);

  WarcReaderOptions options_;
  MemberReader members_;
  std::map<std::string, int64_t> skipped_;
  // Of the compressed member being read; all void where it proves corrupt.
  std::map<std::string, int64_t> member_skipped_;
  State state_ = State::kHead;
  std::string decoded_;
  size_t used_ = 0;         // of decoded_
  int64_t used_total_ = 0;  // decoded bytes used in all
  WarcHead head_;
  size_t head_bytes_ = 0;
  int64_t oversized_left_ = 0;
  int64_t index_in_member_ = 0;
  bool is_member_ended_ = false;
  // No whole record or member was seen since something was lost.
  bool is_lost_ = false;
  // Of a compressed member that hasn't ended yet.
  std::optional<WarcRecord> pending_;
  std::optional<WarcRecord> ready_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_WARC_READER_H_
