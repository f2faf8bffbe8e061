#ifndef DATELINE_PARSER_OUTCOME_METRICS_H_
#define DATELINE_PARSER_OUTCOME_METRICS_H_

#include <string>
#include <vector>

#include "absl/container/flat_hash_set.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"
#include "common/metrics.h"

namespace dateline {

// What a committed outcome is known by in the metrics.
struct CountedOutcome {
  // PageOutcome.label
  std::string label;
  // PageVerdict.source and .missing
  std::string source;
  std::vector<std::string> missing;
};

// The metrics of a parser's outcomes. The first thousand sources that pages
// name have labels of their own, all others share "other"; pages that no source
// named have "none". Not thread-safe.
class OutcomeMetrics {
 public:
  // `metrics` must outlive this.
  explicit OutcomeMetrics(Metrics& metrics) : metrics_(metrics) {}

  // Counts the outcome of `page`, committed at `now`.
  void Count(const kafka::Record& page, const CountedOutcome& outcome,
             absl::Time now);

 private:
  void CountArticle(const CountedOutcome& outcome);
  std::string SourceLabel(const std::string& source);

  Metrics& metrics_;
  absl::flat_hash_set<std::string> sources_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_OUTCOME_METRICS_H_
