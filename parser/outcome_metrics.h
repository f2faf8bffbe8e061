#ifndef DATELINE_PARSER_OUTCOME_METRICS_H_
#define DATELINE_PARSER_OUTCOME_METRICS_H_

#include <map>
#include <string>

#include "absl/time/time.h"
#include "common/kafka/record.h"
#include "common/metrics.h"
#include "common/source_labels.h"
#include "parser/core/page_outcome.h"

namespace dateline {

// The metrics of a parser's outcomes, with labels for the first thousand
// sources that pages name (SourceLabels). Not thread-safe.
class OutcomeMetrics {
 public:
  // `metrics` must outlive this.
  explicit OutcomeMetrics(Metrics& metrics);

  // Counts the outcome of `page`, committed at `now`.
  void Count(const kafka::Record& page, const PageOutcome& outcome,
             absl::Time now);

 private:
  void CountArticle(const PageOutcome& outcome);
  prometheus::Histogram& LatencyOf(const std::string& topic);

  Metrics& metrics_;
  SourceLabels sources_;
  // By topic: to look one up makes another, with all its buckets.
  std::map<std::string, prometheus::Histogram*> latencies_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_OUTCOME_METRICS_H_
