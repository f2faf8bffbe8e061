#include "fetcher/warc_archive.h"

#include <utility>

#include "common/log.h"
#include "fetcher/core/raw_page.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostWaitingBytes = 64 << 20;
// How late a file may be closed for its age.
constexpr absl::Duration kIdleWait = absl::Seconds(1);

}  // namespace

WarcArchive::WarcArchive(WarcFileWriter* writer, const Clock* clock,
                         Metrics* metrics, absl::Duration longest_wait)
    : writer_(*writer),
      clock_(*clock),
      longest_wait_(longest_wait),
      archived_(metrics->Counter("dateline_fetcher_archived_pages_total",
                                 "Pages written to WARC files")),
      lost_(metrics->Counter(
          "dateline_fetcher_archive_lost_pages_total",
          "Pages published that could not be written to WARC files")) {}

WarcArchive::~WarcArchive() { Stop(); }

void WarcArchive::Start() {
  thread_ = std::thread([this] { Run(); });
}

void WarcArchive::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

void WarcArchive::Add(const v1::UrlEntry& entry, FetchResult answer) {
  Waiting waiting;
  waiting.address = std::move(answer.address);
  waiting.page = RawPageOf(entry, std::move(answer));
  waiting.bytes = waiting.page.ByteSizeLong();
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || waiting_bytes_ < kMostWaitingBytes;
  };
  bool was_stuck = false;
  {
    absl::MutexLock lock(&mutex_);
    const absl::Duration wait =
        is_stuck_ ? absl::ZeroDuration() : longest_wait_;
    if (mutex_.AwaitWithTimeout(absl::Condition(&has_room), wait)) {
      if (stopping_) return;
      waiting_bytes_ += waiting.bytes;
      waiting_.push_back(std::move(waiting));
      return;
    }
    was_stuck = std::exchange(is_stuck_, true);
  }
  lost_.Increment();
  if (!was_stuck) {
    LogError("the archive's disk is too slow; pages go on to Kafka without it");
  }
}

void WarcArchive::Run() {
  if (const absl::Status status = writer_.TakeUpLeftovers(); !status.ok()) {
    LogWarning("archive files of an earlier run are left as they are",
               {{"error", status.message()}});
  }
  while (Step(kIdleWait)) {
  }
}

bool WarcArchive::Step(absl::Duration longest_wait) {
  const auto is_due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !waiting_.empty();
  };
  std::deque<Waiting> taken;
  bool is_last = false;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&is_due), longest_wait);
    taken.swap(waiting_);
    is_last = stopping_;
  }
  for (const Waiting& waiting : taken) {
    Write(waiting);
    absl::MutexLock lock(&mutex_);
    waiting_bytes_ -= waiting.bytes;
    is_stuck_ = false;
  }
  Note(is_last ? writer_.Close() : writer_.CloseIfOld(clock_.Now()));
  return !is_last;
}

void WarcArchive::Write(const Waiting& waiting) {
  const absl::Status status =
      writer_.Append(waiting.page, waiting.address, clock_.Now());
  (status.ok() ? archived_ : lost_).Increment();
  Note(status);
  if (status.ok() && std::exchange(is_failing_, false)) {
    LogInfo("the archive is written again");
  }
}

void WarcArchive::Note(const absl::Status& status) {
  if (status.ok() || std::exchange(is_failing_, true)) return;
  LogError("the archive can't be written; pages go on to Kafka without it",
           {{"error", status.message()}});
}

}  // namespace dateline::fetcher
