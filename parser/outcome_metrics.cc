#include "parser/outcome_metrics.h"

#include <algorithm>

namespace dateline {
namespace {

constexpr size_t kMostSources = 1000;

}  // namespace

void OutcomeMetrics::Count(const kafka::Record& page,
                           const CountedOutcome& outcome, absl::Time now) {
  metrics_
      .Counter("dateline_parser_pages_total",
               "Pages by outcome: article, or the dead letter's reason",
               {{"outcome", outcome.label}})
      .Increment();
  metrics_
      .Latency("dateline_parser_outcome_seconds",
               "From a page's arrival on its topic to its committed outcome",
               {{"topic", page.partition.topic}})
      .Observe(std::max(0.0, absl::ToDoubleSeconds(now - page.timestamp)));
  if (outcome.label == "article") CountArticle(outcome);
}

void OutcomeMetrics::CountArticle(const CountedOutcome& outcome) {
  const std::string source = SourceLabel(outcome.source);
  metrics_
      .Counter("dateline_parser_articles_total",
               "Articles, by the source that named their page",
               {{"source", source}})
      .Increment();
  for (const std::string& field : outcome.missing) {
    metrics_
        .Counter("dateline_parser_articles_without_total",
                 "Articles that lack a field which most have, by field and "
                 "source",
                 {{"field", field}, {"source", source}})
        .Increment();
  }
}

std::string OutcomeMetrics::SourceLabel(const std::string& source) {
  if (source.empty()) return "none";
  if (sources_.contains(source)) return source;
  if (sources_.size() >= kMostSources) return "other";
  sources_.insert(source);
  return source;
}

}  // namespace dateline
