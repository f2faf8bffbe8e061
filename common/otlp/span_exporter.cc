#include "common/otlp/span_exporter.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "absl/time/clock.h"
#include "common/log.h"
#include "common/otlp/sampling.h"

namespace dateline::otlp {
namespace {

prometheus::Counter& ResultCounter(Metrics& metrics, const char* result) {
  return metrics.Counter(
      "dateline_spans_total",
      "Spans of sampled traces: sent, failed where the collector did not take "
      "them, dropped where too many waited",
      {{"result", result}});
}

}  // namespace

SpanExporter::SpanExporter(SpanExporterOptions options, Post post,
                           Metrics& metrics)
    : options_(std::move(options)),
      post_(std::move(post)),
      sent_(ResultCounter(metrics, "sent")),
      dropped_(ResultCounter(metrics, "dropped")),
      failed_(ResultCounter(metrics, "failed")),
      thread_([this] { Run(); }) {}

SpanExporter::~SpanExporter() { Stop(); }

bool SpanExporter::Wants(const TraceContext& context) const {
  return IsSampled(context, options_.ratio);
}

void SpanExporter::Add(Span span) {
  {
    absl::MutexLock lock(&mutex_);
    if (deadline_ == absl::InfiniteFuture() &&
        queue_.size() < options_.max_queued_spans) {
      queue_.push_back(std::move(span));
      return;
    }
  }
  dropped_.Increment();
}

void SpanExporter::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    deadline_ = std::min(deadline_, absl::Now() + options_.flush_time);
  }
  if (thread_.joinable()) thread_.join();
}

void SpanExporter::Run() {
  while (true) {
    const std::vector<Span> batch = NextBatch();
    if (batch.empty()) return;
    Send(batch);
  }
}

std::vector<Span> SpanExporter::NextBatch() {
  absl::MutexLock lock(&mutex_);
  const auto stopped = [this]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return deadline_ != absl::InfiniteFuture();
  };
  const auto some = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopped() || !queue_.empty();
  };
  const auto enough = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return stopped() || queue_.size() >= options_.batch_spans;
  };
  mutex_.Await(absl::Condition(&some));
  mutex_.AwaitWithTimeout(absl::Condition(&enough), options_.batch_delay);
  const auto end = queue_.begin() + static_cast<std::ptrdiff_t>(std::min(
                                        queue_.size(), options_.batch_spans));
  std::vector<Span> batch(std::make_move_iterator(queue_.begin()),
                          std::make_move_iterator(end));
  queue_.erase(queue_.begin(), end);
  return batch;
}

void SpanExporter::Send(const std::vector<Span>& batch) {
  absl::Status status = absl::UnavailableError("no time is left to send them");
  if (!IsOver()) {
    const std::string json = ExportRequestJson(options_.resource, batch);
    status = post_(json);
    for (int tries = 1; tries < options_.max_tries; ++tries) {
      if (!absl::IsUnavailable(status)) break;
      if (!Pause(options_.retry_wait)) break;
      status = post_(json);
    }
  }
  (status.ok() ? sent_ : failed_).Increment(static_cast<double>(batch.size()));
  Tell(status);
}

bool SpanExporter::Pause(absl::Duration pause) {
  const absl::Time end = absl::Now() + pause;
  absl::MutexLock lock(&mutex_);
  const auto no_time = [&]() ABSL_SHARED_LOCKS_REQUIRED(mutex_) {
    return deadline_ < end;
  };
  return !mutex_.AwaitWithDeadline(absl::Condition(&no_time), end);
}

bool SpanExporter::IsOver() const {
  absl::MutexLock lock(&mutex_);
  return absl::Now() >= deadline_;
}

void SpanExporter::Tell(const absl::Status& status) {
  if (status.ok()) {
    told_.clear();
  } else if (told_ != status.message()) {
    told_ = std::string(status.message());
    LogWarning("spans are lost", {{"reason", told_}});
  }
}

}  // namespace dateline::otlp
