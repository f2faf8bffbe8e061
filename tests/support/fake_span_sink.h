#ifndef DATELINE_TESTS_SUPPORT_FAKE_SPAN_SINK_H_
#define DATELINE_TESTS_SUPPORT_FAKE_SPAN_SINK_H_

#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/otlp/span.h"
#include "tests/support/patience.h"

namespace dateline::otlp {

// Keeps the spans of all sampled traces.
class FakeSpanSink final : public SpanSink {
 public:
  bool Wants(const TraceContext& context) const override {
    return context.sampled();
  }
  void Add(Span span) override {
    absl::MutexLock lock(&mutex_);
    spans_.push_back(std::move(span));
  }

  // Waits for so many, no longer than kSoon; returns all.
  std::vector<Span> WaitFor(size_t count) {
    const auto reached = [&]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return spans_.size() >= count;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.AwaitWithTimeout(absl::Condition(&reached), kSoon);
    return spans_;
  }

 private:
  absl::Mutex mutex_;
  std::vector<Span> spans_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline::otlp

#endif  // DATELINE_TESTS_SUPPORT_FAKE_SPAN_SINK_H_
