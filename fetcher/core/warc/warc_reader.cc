#include "fetcher/core/warc/warc_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kMagic = "WARC/";
constexpr absl::string_view kRecordEnd = "\r\n\r\n";
constexpr size_t kDiscardBytes = 256 * 1024;

size_t LineEnds(absl::string_view text, size_t at_most) {
  const size_t count = text.substr(0, at_most).find_first_not_of("\r\n");
  return std::min(count, std::min(at_most, text.size()));
}

// Whether more bytes could make `text` begin with kMagic.
bool MayBecomeMagic(absl::string_view text) {
  return text.size() < kMagic.size() && absl::StartsWith(kMagic, text);
}

}  // namespace

WarcReader::WarcReader(WarcReaderOptions options)
    : options_(std::move(options)),
      members_(options_.start_offset, options_.zstd_dictionary) {}

std::optional<WarcRecord> WarcReader::Next() {
  while (true) {
    if (ready_.has_value()) return std::exchange(ready_, std::nullopt);
    if (Advance() == Progress::kAgain) continue;
    if (is_member_ended_) {
      CloseMember();
      continue;
    }
    switch (members_.Next(decoded_)) {
      case MemberReader::Event::kBytes:
        break;
      case MemberReader::Event::kEnd:
        is_member_ended_ = true;
        break;
      case MemberReader::Event::kBroken:
        BreakMember();
        break;
      case MemberReader::Event::kStarved:
        return std::nullopt;
      case MemberReader::Event::kDone:
        if (Rest().empty() && state_ == State::kHead) return std::nullopt;
        is_member_ended_ = true;
        break;
    }
  }
}

WarcReader::Progress WarcReader::Advance() {
  switch (state_) {
    case State::kHead:
      return ReadHead();
    case State::kBlock:
      return ReadBlock();
    case State::kOversized:
      return PassOversized();
    case State::kSearching:
      return SearchPlain();
    case State::kDraining:
      break;
  }
  Use(Rest().size());
  return Progress::kNeedsMore;
}

WarcReader::Progress WarcReader::ReadHead() {
  Use(LineEnds(Rest(), Rest().size()));
  const absl::string_view rest = Rest();
  if (rest.empty()) return Progress::kNeedsMore;
  if (!is_member_ended_ && MayBecomeMagic(rest)) return Progress::kNeedsMore;
  if (!absl::StartsWith(rest, kMagic)) return Lose("bad_record_start");
  const std::optional<size_t> end =
      FindHeadEnd(rest.substr(0, kMaxWarcHeadBytes));
  if (!end.has_value()) {
    if (rest.size() >= kMaxWarcHeadBytes) return Lose("head_too_large");
    return is_member_ended_ ? Lose("truncated_record") : Progress::kNeedsMore;
  }
  absl::StatusOr<WarcHead> head = ParseWarcHead(rest.substr(0, *end));
  if (!head.ok()) return Lose(head.status().message());
  if (!members_.is_compressed()) is_lost_ = false;
  head_ = *std::move(head);
  head_bytes_ = *end;
  state_ = State::kBlock;
  if (head_.content_length > options_.max_block_bytes) {
    Skip("block_too_large");
    Use(head_bytes_);
    oversized_left_ = head_.content_length;
    state_ = State::kOversized;
  }
  return Progress::kAgain;
}

// The standard's two line ends close a record; fewer are let pass where the
// file or the next record follows.
WarcReader::Progress WarcReader::ReadBlock() {
  const absl::string_view rest = Rest();
  const size_t block_end =
      head_bytes_ + static_cast<size_t>(head_.content_length);
  if (rest.size() < block_end) {
    return is_member_ended_ ? Lose("truncated_record") : Progress::kNeedsMore;
  }
  const absl::string_view tail = rest.substr(block_end);
  const size_t line_ends = LineEnds(tail, kRecordEnd.size());
  const absl::string_view behind = tail.substr(line_ends);
  if (absl::StartsWith(tail, kRecordEnd) || absl::StartsWith(behind, kMagic) ||
      (is_member_ended_ && behind.empty())) {
    return TakeRecord(block_end + line_ends);
  }
  if (!is_member_ended_ && MayBecomeMagic(behind)) return Progress::kNeedsMore;
  return Lose("bad_record_end");
}

WarcReader::Progress WarcReader::PassOversized() {
  const auto passed = static_cast<size_t>(
      std::min<int64_t>(static_cast<int64_t>(Rest().size()), oversized_left_));
  Use(passed);
  oversized_left_ -= static_cast<int64_t>(passed);
  if (oversized_left_ > 0) return Progress::kNeedsMore;
  state_ = State::kHead;
  return Progress::kAgain;
}

WarcReader::Progress WarcReader::TakeRecord(size_t record_bytes) {
  const bool is_compressed = members_.is_compressed();
  WarcRecord record;
  record.version = std::move(head_.version);
  record.fields = std::move(head_.fields);
  record.block = std::string(
      Rest().substr(head_bytes_, static_cast<size_t>(head_.content_length)));
  record.offset = members_.member_offset() + (is_compressed ? 0 : used_total_);
  record.index_in_member = is_compressed ? index_in_member_++ : 0;
  Use(record_bytes);
  state_ = State::kHead;
  if (!is_compressed) {
    record.end_offset = members_.member_offset() + used_total_;
    ready_ = std::move(record);
    return Progress::kAgain;
  }
  if (pending_.has_value()) {
    pending_->end_offset = members_.member_offset();
    ready_ = std::move(pending_);
  }
  pending_ = std::move(record);
  return Progress::kAgain;
}

WarcReader::Progress WarcReader::Lose(absl::string_view reason) {
  if (!is_lost_) Skip(reason);
  state_ = State::kHead;
  if (!members_.is_compressed()) {
    is_lost_ = true;
    state_ = State::kSearching;
  } else if (is_member_ended_) {
    Use(Rest().size());
  } else if (is_lost_) {
    // What looked like the start of a member was none.
    members_.Resync();
    ResetMember();
  } else {
    state_ = State::kDraining;
  }
  return Progress::kAgain;
}

void WarcReader::Skip(absl::string_view reason) {
  ++(members_.is_compressed() ? member_skipped_
                              : skipped_)[std::string(reason)];
}

// Begins within what was lost, since its length is not to be trusted.
WarcReader::Progress WarcReader::SearchPlain() {
  constexpr absl::string_view kLineAndMagic = "\nWARC/1.";
  const size_t found = Rest().find(kLineAndMagic);
  if (found != absl::string_view::npos) {
    Use(found + 1);
    state_ = State::kHead;
    return Progress::kAgain;
  }
  const size_t kept = is_member_ended_ ? 0 : kLineAndMagic.size() - 1;
  Use(Rest().size() - std::min(Rest().size(), kept));
  return Progress::kNeedsMore;
}

void WarcReader::CloseMember() {
  if (pending_.has_value()) {
    pending_->end_offset = members_.position();
    ready_ = std::exchange(pending_, std::nullopt);
  }
  for (const auto& [reason, count] : member_skipped_) {
    skipped_[reason] += count;
  }
  if (members_.is_compressed()) is_lost_ = false;
  ResetMember();
}

void WarcReader::BreakMember() {
  if (!is_lost_) ++skipped_["corrupt_compression"];
  is_lost_ = true;
  pending_.reset();
  members_.Resync();
  ResetMember();
}

void WarcReader::ResetMember() {
  member_skipped_.clear();
  decoded_.clear();
  used_ = 0;
  used_total_ = 0;
  index_in_member_ = 0;
  is_member_ended_ = false;
  state_ = State::kHead;
}

void WarcReader::Use(size_t bytes) {
  used_ += bytes;
  used_total_ += static_cast<int64_t>(bytes);
  if (used_ == decoded_.size()) {
    decoded_.clear();
    used_ = 0;
  } else if (used_ >= kDiscardBytes && used_ >= decoded_.size() / 2) {
    decoded_.erase(0, used_);
    used_ = 0;
  }
}

}  // namespace dateline::fetcher
