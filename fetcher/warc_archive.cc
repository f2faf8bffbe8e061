#include "fetcher/warc_archive.h"

#include <utility>

#include "common/log.h"
#include "fetcher/core/proto_time.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostWaitingBytes = 64 << 20;
// How late a file may be closed for its age.
constexpr absl::Duration kIdleWait = absl::Seconds(1);

v1::RawPage PageOf(const v1::UrlEntry& entry, FetchResult answer) {
  v1::RawPage page;
  page.set_requested_url(entry.url());
  page.set_url(std::move(answer.url));
  page.mutable_redirects()->Assign(answer.redirects.begin(),
                                   answer.redirects.end());
  page.set_status(answer.status);
  page.mutable_headers()->Assign(answer.headers.begin(), answer.headers.end());
  page.set_body(std::move(answer.body));
  *page.mutable_fetch_time() = ToProto(answer.end_time);
  *page.mutable_hints() = entry.hints();
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

void WarcArchive::Add(const v1::UrlEntry& entry, FetchResult answer) {
  std::string address = std::move(answer.address);
  Waiting waiting = {PageOf(entry, std::move(answer)), std::move(address)};
  const auto has_room = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || waiting_bytes_ < kMostWaitingBytes;
  };
  absl::MutexLock lock(&mutex_);
  mutex_.Await(absl::Condition(&has_room));
  if (stopping_) return;
  waiting_bytes_ += waiting.page.body().size();
  waiting_.push_back(std::move(waiting));
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
    waiting_bytes_ -= waiting.page.body().size();
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
