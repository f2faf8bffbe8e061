#include "fetcher/source_reader.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/log.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kBrokerTimeout = absl::Seconds(5);
constexpr absl::Duration kRetryWait = absl::Seconds(1);
constexpr absl::Duration kPollWait = absl::Milliseconds(200);
constexpr size_t kMaxRecords = 1000;

}  // namespace

SourceReader::SourceReader(NewConsumer new_consumer, std::string topic)
    : new_consumer_(std::move(new_consumer)), topic_(std::move(topic)) {}

SourceReader::~SourceReader() { Stop(); }

void SourceReader::Start() {
  thread_ = std::thread([this] { Run(); });
}

void SourceReader::Stop() {
  if (!stop_.HasBeenNotified()) stop_.Notify();
  if (thread_.joinable()) thread_.join();
  for (Waiter& waiter : TakeExpired(absl::InfiniteFuture())) {
    waiter.shown(absl::CancelledError("The fetcher is shutting down."));
  }
}

void SourceReader::Run() {
  bool said = false;
  while (!stop_.HasBeenNotified()) {
    absl::Status status = Connect();
    if (!status.ok() && !said) {
      LogWarning("waiting for the sources topic",
                 {{"topic", topic_}, {"error", status.message()}});
      said = true;
    }
    if (status.ok()) said = false;
    while (status.ok() && !stop_.HasBeenNotified()) status = Step(kPollWait);
    if (!status.ok()) stop_.WaitForNotificationWithTimeout(kRetryWait);
  }
  if (consumer_ != nullptr) consumer_->Close();
}

absl::Status SourceReader::Connect() {
  if (consumer_ == nullptr) {
    absl::StatusOr<std::unique_ptr<kafka::Consumer>> made = new_consumer_();
    if (!made.ok()) return made.status();
    consumer_ = *std::move(made);
  }
  const absl::StatusOr<int32_t> count =
      consumer_->PartitionCount(topic_, kBrokerTimeout);
  if (!count.ok()) return count.status();
  std::vector<kafka::Position> positions;
  for (int32_t i = 0; i < *count; ++i) {
    positions.push_back({{topic_, i}, kafka::kOffsetBeginning});
  }
  partitions_loading_ = positions.size();
  return consumer_->Assign(positions);
}

absl::Status SourceReader::Step(absl::Duration wait) {
  const absl::StatusOr<kafka::PollResult> polled =
      consumer_->Poll(kMaxRecords, wait);
  for (Waiter& waiter : TakeExpired(absl::Now())) {
    waiter.shown(absl::DeadlineExceededError(absl::StrCat(
        waiter.name, " was written, but was not read back in time.")));
  }
  if (!polled.ok()) {
    if (absl::IsUnavailable(polled.status())) return absl::OkStatus();
    consumer_.reset();
    return polled.status();
  }
  Take(*polled);
  return absl::OkStatus();
}

void SourceReader::Take(const kafka::PollResult& polled) {
  std::vector<Shown> shown;
  std::vector<std::function<void()>> when_loaded;
  {
    absl::MutexLock lock(&mutex_);
    for (const kafka::Record& record : polled.records) Apply(record, shown);
    if (!loaded_) {
      // Each partition says once that it is read through.
      partitions_loading_ -= std::min(partitions_loading_, polled.ends.size());
      loaded_ = partitions_loading_ == 0;
      if (loaded_) {
        ++version_;
        when_loaded.swap(when_loaded_);
      }
    } else if (!polled.records.empty()) {
      ++version_;
    }
  }
  for (const Shown& callback : shown) callback(absl::OkStatus());
  for (const auto& callback : when_loaded) callback();
}

void SourceReader::Apply(const kafka::Record& record,
                         std::vector<Shown>& shown) {
  std::optional<absl::string_view> value;
  if (record.value.has_value()) value = *record.value;
  if (absl::Status applied = table_.Apply(record.key, value); !applied.ok()) {
    LogWarning("record left out",
               {{"partition", kafka::ToString(record.partition)},
                {"offset", record.offset},
                {"error", applied.message()}});
    return;
  }
  std::optional<std::string> etag;
  if (const auto source = table_.Find(record.key)) etag = source->etag();
  const auto is_shown = [&](const Waiter& waiter) {
    return waiter.name == record.key && waiter.etag == etag;
  };
  for (Waiter& waiter : waiters_) {
    if (is_shown(waiter)) shown.push_back(waiter.shown);
  }
  waiters_.erase(std::remove_if(waiters_.begin(), waiters_.end(), is_shown),
                 waiters_.end());
}

bool SourceReader::IsLoaded() const {
  absl::MutexLock lock(&mutex_);
  return loaded_;
}

int64_t SourceReader::Version() const {
  absl::MutexLock lock(&mutex_);
  return version_;
}

std::vector<v1::Source> SourceReader::All() const {
  absl::MutexLock lock(&mutex_);
  return table_.All();
}

std::optional<v1::Source> SourceReader::Find(absl::string_view name) const {
  absl::MutexLock lock(&mutex_);
  return table_.Find(name);
}

absl::StatusOr<v1::ListSourcesResponse> SourceReader::List(
    const v1::ListSourcesRequest& request) const {
  absl::MutexLock lock(&mutex_);
  return table_.List(request);
}

void SourceReader::WhenLoaded(std::function<void()> loaded) {
  {
    absl::MutexLock lock(&mutex_);
    if (!loaded_) {
      when_loaded_.push_back(std::move(loaded));
      return;
    }
  }
  loaded();
}

void SourceReader::WhenShown(const std::string& name,
                             std::optional<std::string> etag,
                             absl::Duration timeout, Shown shown) {
  absl::MutexLock lock(&mutex_);
  waiters_.push_back(
      {name, std::move(etag), absl::Now() + timeout, std::move(shown)});
}

std::vector<SourceReader::Waiter> SourceReader::TakeExpired(absl::Time now) {
  absl::MutexLock lock(&mutex_);
  const auto expired = std::stable_partition(
      waiters_.begin(), waiters_.end(),
      [&](const Waiter& waiter) { return waiter.deadline > now; });
  std::vector<Waiter> taken(std::make_move_iterator(expired),
                            std::make_move_iterator(waiters_.end()));
  waiters_.erase(expired, waiters_.end());
  return taken;
}

}  // namespace dateline::fetcher
