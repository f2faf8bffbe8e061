#include "parser/outcome_metrics.h"

#include <algorithm>

namespace dateline {
namespace {

constexpr size_t kMostSources = 1000;

}  // namespace

OutcomeMetrics::OutcomeMetrics(Metrics& metrics)
    : metrics_(metrics), sources_(kMostSources) {}

void OutcomeMetrics::Count(const kafka::Record& page,
                           const PageOutcome& outcome, absl::Time now) {
  metrics_
      .Counter("dateline_parser_pages_total",
               "Pages by outcome: article, or the dead letter's reason",
               {{"outcome", outcome.label}})
      .Increment();
  LatencyOf(page.partition.topic)
      .Observe(std::max(0.0, absl::ToDoubleSeconds(now - page.timestamp)));
  if (outcome.label == "article") CountArticle(outcome);
}

void OutcomeMetrics::CountArticle(const PageOutcome& outcome) {
  const std::string source = sources_.Of(outcome.source, [] { return true; });
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

prometheus::Histogram& OutcomeMetrics::LatencyOf(const std::string& topic) {
  prometheus::Histogram*& latency = latencies_[topic];
  if (latency == nullptr) {
    latency = &metrics_.Latency(
        "dateline_parser_outcome_seconds",
        "From a page's arrival on its topic to its committed outcome",
        {{"topic", topic}});
  }
  return *latency;
}

}  // namespace dateline
