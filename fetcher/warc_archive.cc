#include "fetcher/warc_archive.h"

#include <utility>

#include "common/log.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostWaitingBytes = 64 << 20;
// How late a file may be closed for its age.
constexpr absl::Duration kIdleWait = absl::Seconds(1);

v1::RawPage PageOf(const FetchResult& answer) {
  v1::RawPage page;
  page.set_url(answer.url);
  page.set_status(answer.status);
  page.mutable_headers()->Assign(answer.headers.begin(), answer.headers.end());
  page.set_body(answer.body);
  *page.mutable_fetch_time() = ToProto(answer.end_time);
  return page;
}

}  // namespace

WarcArchive::WarcArchive(WarcFileWriter* writer, const Clock* clock,
                         Metrics* metrics)
    : writer_(*writer),
      clock_(*clock),
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

void WarcArchive::Add(FetchResult answer) {
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || waiting_bytes_ < kMostWaitingBytes;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_room));
  if (stopping_) return;
  waiting_bytes_ += answer.body.size();
  waiting_.push_back(std::move(answer));
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
  std::deque<FetchResult> taken;
  bool is_last = false;
  {
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&is_due), longest_wait);
    taken.swap(waiting_);
    is_last = stopping_;
  }
  for (const FetchResult& answer : taken) {
    Write(answer);
    absl::MutexLock lock(&mutex_);
    waiting_bytes_ -= answer.body.size();
  }
  Note(is_last ? writer_.Close() : writer_.CloseIfOld(clock_.Now()));
  return !is_last;
}

void WarcArchive::Write(const FetchResult& answer) {
  const absl::Status status =
      writer_.Append(PageOf(answer), answer.address, clock_.Now());
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
