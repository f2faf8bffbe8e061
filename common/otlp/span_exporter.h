#ifndef DATELINE_COMMON_OTLP_SPAN_EXPORTER_H_
#define DATELINE_COMMON_OTLP_SPAN_EXPORTER_H_

#include <deque>
#include <functional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/metrics.h"
#include "common/otlp/request_json.h"
#include "common/otlp/span.h"

namespace dateline::otlp {

struct SpanExporterOptions {
  Resource resource = {};
  // Of the traces whose flag says sampled; see IsSampled.
  double ratio = 1.0;
  // More wait for nobody: they are dropped, and counted.
  size_t max_queued_spans = 8192;
  // A request holds at most so many, and is made as soon as they are there, or
  // this long after the first.
  size_t batch_spans = 512;
  absl::Duration batch_delay = absl::Seconds(1);
  // Before a request that the collector had no room or time for is made again.
  absl::Duration retry_wait = absl::Seconds(1);
  int max_tries = 5;
  // Stop sends what is left no longer than this, and the time of one request.
  absl::Duration flush_time = absl::Seconds(3);
};

// Sends spans to a collector, in batches, on a thread of its own. Spans are a
// help to people: nothing waits for them, and those that can't be sent are
// dropped and counted in dateline_spans_total.
class SpanExporter final : public SpanSink {
 public:
  // Sends one request's JSON. kUnavailable: the same may be tried again.
  using Post = std::function<absl::Status(std::string json)>;

  // `metrics` must outlive the exporter. `post` is called on its thread.
  SpanExporter(SpanExporterOptions options, Post post, Metrics& metrics);
  // Stops.
  ~SpanExporter() override;

  bool Wants(const TraceContext& context) const override;
  void Add(Span span) override ABSL_LOCKS_EXCLUDED(mutex_);

  // Sends what is queued, within the options' bound, drops the rest and joins.
  // Spans that are added from then on are dropped.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits for a batch; empty where there will be none any more.
  std::vector<Span> NextBatch() ABSL_LOCKS_EXCLUDED(mutex_);
  void Send(const std::vector<Span>& batch) ABSL_LOCKS_EXCLUDED(mutex_);
  // Waits that long; false at once where Stop's deadline comes first.
  bool Pause(absl::Duration pause) ABSL_LOCKS_EXCLUDED(mutex_);
  // Whether time is up for a request, at Stop.
  bool IsOver() const ABSL_LOCKS_EXCLUDED(mutex_);
  void Tell(const absl::Status& status);

  const SpanExporterOptions options_;
  const Post post_;
  prometheus::Counter& sent_;
  prometheus::Counter& dropped_;
  prometheus::Counter& failed_;
  mutable absl::Mutex mutex_;
  std::deque<Span> queue_ ABSL_GUARDED_BY(mutex_);
  // Nothing is sent after it; infinite until Stop.
  absl::Time deadline_ ABSL_GUARDED_BY(mutex_) = absl::InfiniteFuture();
  // Of the thread: what the log has told.
  std::string told_;
  std::thread thread_;
};

}  // namespace dateline::otlp

#endif  // DATELINE_COMMON_OTLP_SPAN_EXPORTER_H_
