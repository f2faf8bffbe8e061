#ifndef DATELINE_STORE_INGEST_H_
#define DATELINE_STORE_INGEST_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/metrics.h"
#include "common/otlp/span.h"
#include "store/core/article_repository.h"
#include "store/core/progress.h"
#include "store/core/retention.h"
#include "store/retry_thread.h"
#include "store/topic_reader.h"

namespace dateline::store {

struct IngestOptions {
  std::string topic = {};
  // Caught up means: at most this many records behind the topic's end.
  int64_t max_lag = 1000;
  size_t batch_records = 2000;
  Retention retention = {};
  // Tells this store's spans from those of other replicas.
  std::string replica = {};
};

// What an ingest tells of itself, on its thread or in Stop.
struct IngestListener {
  // With true once the lag is at most max_lag, with false once it isn't, or
  // the ingest has stopped.
  std::function<void(bool)> caught_up = [](bool) {};
  // What the repository has applied.
  std::function<void(const ArticleBatch&)> applied = [](const ArticleBatch&) {};
};

// Brings the repository to where the topic is and keeps it there: reads all
// partitions from the repository's positions on, in batches that are applied
// with the positions behind them, so that each record takes effect exactly once
// through the death of this process at any point.
//
// There is one way back from any fault, of broker, repository or consumer:
// begin again at the repository's positions. A record that can't be decoded is
// counted, logged and passed by.
class Ingest {
 public:
  // All references must outlive this object. `spans` gets one for each record
  // that is read while at most `max_lag` behind, with an error where it is
  // corrupt; may be null.
  Ingest(ConsumerFactory factory, IngestOptions options,
         ArticleRepository& repository, Metrics& metrics,
         IngestListener listener, otlp::SpanSink* spans = nullptr);

  void Start() { thread_.Start(); }
  // Ends after the batch at hand is applied. Nothing is caught up then: tells
  // false, if it was.
  void Stop();

 private:
  absl::Status Read();
  absl::Status ReadOpened(TopicReader& reader);
  absl::Status ApplyRecords(const TopicReader& reader,
                            std::vector<kafka::Record> records);
  // For records that are about to be applied.
  void BeginSpan(const kafka::Record& record, const absl::Status& decoded,
                 std::vector<otlp::Span>& spans) const;
  void EndSpans(std::vector<otlp::Span> spans) const;
  void CountApplied(const ApplyCounts& counts);
  // What is read to catch up was parsed long ago, and says nothing.
  void ObserveArrivals(const ArticleBatch& batch);
  void TellLag(const TopicReader& reader);
  // In the log, while there is far to go.
  void TellProgress(const TopicReader& reader, const Progress& progress);
  // Deletes some of what is no longer to be kept, where it is time to look.
  absl::Status Retain();
  absl::StatusOr<int64_t> DeleteExpired(absl::Time now);
  // Counting reads an index through, so it is done once a second at most.
  void TellCount();

  const ConsumerFactory factory_;
  const IngestOptions options_;
  ArticleRepository& repository_;
  const IngestListener listener_;
  otlp::SpanSink* const spans_;
  prometheus::Counter& stored_;
  prometheus::Counter& seen_again_;
  prometheus::Counter& stale_;
  prometheus::Counter& deleted_;
  prometheus::Counter& corrupt_;
  prometheus::Counter& refused_;
  prometheus::Counter& expired_;
  prometheus::Gauge& lag_;
  prometheus::Histogram& arrival_;
  prometheus::Gauge& articles_;
  // Of the thread.
  bool is_caught_up_ = false;
  bool count_is_old_ = true;
  // Articles still to be deleted as too many, when that was last measured.
  int64_t too_many_ = 0;
  absl::Time count_due_ = absl::InfinitePast();
  absl::Time progress_due_ = absl::InfinitePast();
  absl::Time retain_due_ = absl::InfinitePast();
  RetryThread thread_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_INGEST_H_
