#ifndef DATELINE_FETCHER_CORE_WARC_MEMBER_READER_H_
#define DATELINE_FETCHER_CORE_WARC_MEMBER_READER_H_

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "fetcher/core/warc/member_decoder.h"

namespace dateline::fetcher {

// Splits the bytes of a file into gzip members or zstd frames and decompresses
// them. A file that begins with "WARC/" is one member without end. Holds no
// more than what it was fed since it was last starved, and 1 MiB behind it.
class MemberReader {
 public:
  enum class Event {
    kBytes,    // some were appended
    kEnd,      // of the member
    kBroken,   // the member can't be read further; call Resync
    kStarved,  // feed more, or say Finish
    kDone,     // the file is at its end
  };

  // `offset` is where the first byte fed stands in the file. `dictionary` is
  // that of a .warc.zst file, for reading on behind its start.
  MemberReader(int64_t offset, std::string dictionary);

  void Feed(absl::string_view bytes);
  // No more bytes will come.
  void Finish() { is_finished_ = true; }

  // Goes on by at most 64 KiB of decoded bytes.
  Event Next(std::string& out);

  // Gives the member up and looks for the start of the next, from just behind
  // the start of this one on as far as that is still held. What is read again
  // is bounded by a multiple of what is read.
  void Resync();

  bool is_compressed() const { return state_ != State::kPlain; }
  // Where the member that is being read, or was read last, begins.
  int64_t member_offset() const { return member_offset_; }
  // Behind all that was read.
  int64_t position() const {
    return buffer_offset_ + static_cast<int64_t>(at_);
  }
  const std::string& dictionary() const { return dictionary_; }

 private:
  enum class State { kBetween, kScanning, kInMember, kSkippable, kPlain };
  enum class Format { kUnknown, kGzip, kZstd };

  absl::string_view Rest() const {
    return absl::string_view(buffer_).substr(at_);
  }
  Event Begin(std::string& out);
  Event Scan(std::string& out);
  Event ReadMember(std::string& out);
  Event ReadSkippable(std::string& out);
  Event ReadPlain(std::string& out);
  void Enter(Format format);
  size_t FindStart() const;
  void Discard();

  std::string buffer_;
  int64_t buffer_offset_;  // of its first byte in the file
  size_t at_ = 0;          // how much of it was read
  bool is_finished_ = false;
  State state_ = State::kBetween;
  Format format_ = Format::kUnknown;
  int64_t start_offset_;
  int64_t member_offset_;
  int64_t rescanned_bytes_ = 0;
  uint64_t skippable_bytes_ = 0;
  std::string dictionary_;
  std::unique_ptr<MemberDecoder> decoder_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_WARC_MEMBER_READER_H_
