#include "fetcher/core/warc/member_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kPieceBytes = 64 * 1024;
constexpr size_t kRetainedBytes = 1024 * 1024;
constexpr size_t kMaxDictionaryFrame = 16 * 1024 * 1024;
constexpr int64_t kRescanFactor = 4;
constexpr int64_t kRescanBytes = 4 * 1024 * 1024;

constexpr absl::string_view kGzipMagic = "\x1F\x8B\x08";
constexpr absl::string_view kZstdMagic = "\x28\xB5\x2F\xFD";
constexpr absl::string_view kPlainMagic = "WARC/1.";
// RFC 8878 §3.1.2: magic number and size of a skippable frame.
constexpr size_t kSkippableHead = 8;
// The one that carries the dictionary.
constexpr char kDictionaryMagic = 0x5D;

bool IsSkippable(absl::string_view bytes) {
  return bytes.size() >= kSkippableHead && (bytes[0] & 0xF0) == 0x50 &&
         absl::StartsWith(bytes.substr(1), "\x2A\x4D\x18");
}

uint64_t SkippableSize(absl::string_view head) {
  uint64_t size = 0;
  for (size_t i = 0; i < 4; ++i) {
    size |= uint64_t{static_cast<unsigned char>(head[4 + i])} << (8 * i);
  }
  return size;
}

}  // namespace

MemberReader::MemberReader(int64_t offset, std::string dictionary)
    : buffer_offset_(offset),
      start_offset_(offset),
      member_offset_(offset),
      dictionary_(std::move(dictionary)) {}

void MemberReader::Feed(absl::string_view bytes) {
  Discard();
  buffer_.append(bytes.data(), bytes.size());
}

void MemberReader::Discard() {
  size_t keep = at_;
  if (state_ == State::kInMember) {
    const int64_t start = std::max<int64_t>(member_offset_ - buffer_offset_, 0);
    keep = std::max(static_cast<size_t>(start),
                    at_ - std::min(at_, kRetainedBytes));
  }
  if (keep < kPieceBytes && keep < buffer_.size()) return;
  buffer_.erase(0, keep);
  buffer_offset_ += static_cast<int64_t>(keep);
  at_ -= keep;
}

MemberReader::Event MemberReader::Next(std::string& out) {
  switch (state_) {
    case State::kBetween:
      return Begin(out);
    case State::kScanning:
      return Scan(out);
    case State::kInMember:
      return ReadMember(out);
    case State::kSkippable:
      return ReadSkippable(out);
    case State::kPlain:
      break;
  }
  return ReadPlain(out);
}

MemberReader::Event MemberReader::Begin(std::string& out) {
  const absl::string_view rest = Rest();
  if (rest.size() < kSkippableHead && !is_finished_) return Event::kStarved;
  if (rest.empty()) return Event::kDone;
  member_offset_ = position();
  if (absl::StartsWith(rest, kGzipMagic)) {
    Enter(Format::kGzip);
    return ReadMember(out);
  }
  if (absl::StartsWith(rest, kZstdMagic)) {
    Enter(Format::kZstd);
    return ReadMember(out);
  }
  if (IsSkippable(rest)) {
    state_ = State::kSkippable;
    skippable_bytes_ = kSkippableHead + SkippableSize(rest);
    return ReadSkippable(out);
  }
  if (format_ == Format::kUnknown && absl::StartsWith(rest, "WARC/")) {
    state_ = State::kPlain;
    return ReadPlain(out);
  }
  return Event::kBroken;
}

void MemberReader::Enter(Format format) {
  if (format_ != format) {
    format_ = format;
    decoder_ = format == Format::kGzip ? NewGzipDecoder()
                                       : NewZstdDecoder(dictionary_);
  }
  decoder_->Restart();
  state_ = State::kInMember;
}

MemberReader::Event MemberReader::ReadMember(std::string& out) {
  const size_t before = out.size();
  const MemberDecoder::Step step = decoder_->Decode(Rest(), out);
  at_ += step.consumed;
  switch (step.kind) {
    case MemberDecoder::Step::kEnd:
      state_ = State::kBetween;
      return Event::kEnd;
    case MemberDecoder::Step::kCorrupt:
      return Event::kBroken;
    case MemberDecoder::Step::kMore:
      break;
  }
  if (out.size() > before || step.consumed > 0) return Event::kBytes;
  return is_finished_ ? Event::kBroken : Event::kStarved;
}

MemberReader::Event MemberReader::ReadSkippable(std::string& out) {
  const absl::string_view rest = Rest();
  const bool is_dictionary = member_offset_ == 0 && dictionary_.empty() &&
                             position() == 0 && rest[0] == kDictionaryMagic &&
                             skippable_bytes_ <= kMaxDictionaryFrame;
  if (is_dictionary && rest.size() >= skippable_bytes_) {
    absl::StatusOr<std::string> dictionary = UnpackDictionary(
        rest.substr(kSkippableHead, skippable_bytes_ - kSkippableHead));
    if (!dictionary.ok()) return Event::kBroken;
    dictionary_ = *std::move(dictionary);
  } else if (is_dictionary) {
    return is_finished_ ? Event::kBroken : Event::kStarved;
  }
  const size_t skipped =
      static_cast<size_t>(std::min<uint64_t>(rest.size(), skippable_bytes_));
  at_ += skipped;
  skippable_bytes_ -= skipped;
  if (skippable_bytes_ > 0) {
    return is_finished_ ? Event::kDone : Event::kStarved;
  }
  state_ = State::kBetween;
  return Begin(out);
}

MemberReader::Event MemberReader::ReadPlain(std::string& out) {
  const absl::string_view piece = Rest().substr(0, kPieceBytes);
  if (piece.empty()) return is_finished_ ? Event::kDone : Event::kStarved;
  out.append(piece.data(), piece.size());
  at_ += piece.size();
  return Event::kBytes;
}

void MemberReader::Resync() {
  const int64_t start = std::max(member_offset_ + 1, buffer_offset_);
  const int64_t again = std::max<int64_t>(position() - start, 0);
  const int64_t allowed =
      kRescanFactor * (position() - start_offset_) + kRescanBytes;
  if (rescanned_bytes_ + again <= allowed) {
    rescanned_bytes_ += again;
    at_ = std::min(static_cast<size_t>(start - buffer_offset_), buffer_.size());
  }
  state_ = State::kScanning;
}

size_t MemberReader::FindStart() const {
  const absl::string_view rest = Rest();
  size_t found = absl::string_view::npos;
  if (format_ != Format::kZstd) found = rest.find(kGzipMagic);
  if (format_ != Format::kGzip) {
    found = std::min(found, rest.find(kZstdMagic));
  }
  if (format_ == Format::kUnknown) {
    found = std::min(found, rest.find(kPlainMagic));
  }
  return found;
}

MemberReader::Event MemberReader::Scan(std::string& out) {
  const size_t found = FindStart();
  if (found != absl::string_view::npos) {
    at_ += found;
    state_ = State::kBetween;
    return Begin(out);
  }
  // The start may be cut in two.
  const size_t kept = is_finished_ ? 0 : kPlainMagic.size() - 1;
  at_ = std::max(at_, buffer_.size() - std::min(buffer_.size(), kept));
  return is_finished_ ? Event::kDone : Event::kStarved;
}

}  // namespace dateline::fetcher
