#ifndef DATELINE_FETCHER_SOURCE_READER_H_
#define DATELINE_FETCHER_SOURCE_READER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "fetcher/core/source_table.h"

namespace dateline::fetcher {

// Keeps the whole `sources` topic in memory, on a thread of its own. Waits for
// a broker that is away. Thread-safe, except for Connect and Step.
class SourceReader {
 public:
  using NewConsumer =
      std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()>;
  using Shown = std::function<void(absl::Status)>;

  SourceReader(NewConsumer new_consumer, std::string topic);
  ~SourceReader();

  void Start();
  void Stop();

  // For tests, in place of Start: one attempt to reach the topic, and one poll.
  absl::Status Connect();
  absl::Status Step(absl::Duration wait);

  // Whether the table was complete once.
  bool IsLoaded() const ABSL_LOCKS_EXCLUDED(mutex_);
  // Rises with every change of a complete table; 0 before.
  int64_t Version() const ABSL_LOCKS_EXCLUDED(mutex_);

  std::vector<v1::Source> All() const ABSL_LOCKS_EXCLUDED(mutex_);
  std::optional<v1::Source> Find(absl::string_view name) const
      ABSL_LOCKS_EXCLUDED(mutex_);
  absl::StatusOr<v1::ListSourcesResponse> List(
      const v1::ListSourcesRequest& request) const ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `loaded` once, when the table is complete for the first time: at once
  // where it is, else on the reader's thread. Never where it stops before.
  void WhenLoaded(std::function<void()> loaded) ABSL_LOCKS_EXCLUDED(mutex_);

  // Calls `shown` once, on the reader's thread, when the record of that name
  // with that etag (none: its deletion) was read after this call, with
  // kDeadlineExceeded after `timeout`, or with kCancelled when it stops. To be
  // called before the record is written.
  void WhenShown(const std::string& name, std::optional<std::string> etag,
                 absl::Duration timeout, Shown shown)
      ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiter {
    std::string name;
    std::optional<std::string> etag;
    absl::Time deadline;
    Shown shown;
  };

  void Run();
  void Take(const kafka::PollResult& polled) ABSL_LOCKS_EXCLUDED(mutex_);
  void Apply(const kafka::Record& record, std::vector<Shown>& shown)
      ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  std::vector<Waiter> TakeExpired(absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  const NewConsumer new_consumer_;
  const std::string topic_;
  // Of the thread alone.
  std::unique_ptr<kafka::Consumer> consumer_;
  size_t partitions_loading_ = 0;

  mutable absl::Mutex mutex_;
  SourceTable table_ ABSL_GUARDED_BY(mutex_);
  bool loaded_ ABSL_GUARDED_BY(mutex_) = false;
  int64_t version_ ABSL_GUARDED_BY(mutex_) = 0;
  std::vector<Waiter> waiters_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::function<void()>> when_loaded_ ABSL_GUARDED_BY(mutex_);

  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SOURCE_READER_H_
