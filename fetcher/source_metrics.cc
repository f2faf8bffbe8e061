#include "fetcher/source_metrics.h"

#include "fetcher/core/metric_labels.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostSources = 1000;

double Seconds(absl::Time time) {
  return absl::ToDoubleSeconds(time - absl::UnixEpoch());
}

}  // namespace

SourceMetrics::SourceMetrics(Metrics* metrics, const SourceReader* sources)
    : metrics_(*metrics),
      sources_(*sources),
      labels_(kMostSources),
      last_success_(metrics,
                    "dateline_fetcher_source_last_success_timestamp_seconds",
                    "When a source was last read, or found unchanged"),
      last_new_(metrics, "dateline_fetcher_source_last_new_timestamp_seconds",
                "When a source last named a URL that it had not named before"),
      urls_per_day_(metrics, "dateline_fetcher_source_urls_per_day",
                    "New URLs that a source usually names in a day"),
      quiet_(metrics, "dateline_fetcher_source_quiet",
             "1 where a source has named nothing new for so long as is most "
             "unlikely at its usual volume") {}

void SourceMetrics::Count(const std::string& source, const Verdict& verdict) {
  metrics_
      .Counter("dateline_fetcher_source_fetches_total",
               "Fetches that ended, by source, outcome and reason",
               {{"source", LabelOf(source)},
                {"outcome", std::string(OutcomeLabel(verdict.outcome))},
                {"reason", ReasonLabel(verdict.code)}})
      .Increment();
}

void SourceMetrics::Show(const std::vector<SourceStanding>& standings) {
  for (const SourceStanding& standing : standings) {
    const std::string label = LabelOf(standing.name);
    if (label == SourceLabels::kOther || label == SourceLabels::kNone) continue;
    if (standing.last_success > absl::InfinitePast()) {
      last_success_.Set(label, Seconds(standing.last_success));
    }
    if (standing.last_new > absl::InfinitePast()) {
      last_new_.Set(label, Seconds(standing.last_new));
    }
    urls_per_day_.Set(label, standing.urls_per_day);
    quiet_.Set(label, standing.is_quiet ? 1 : 0);
  }
  for (Gauges* gauges : {&last_success_, &last_new_, &urls_per_day_, &quiet_}) {
    gauges->RemoveOld();
  }
}

std::string SourceMetrics::LabelOf(const std::string& source) {
  return labels_.Of(source, [&] { return sources_.Find(source).has_value(); });
}

void SourceMetrics::Gauges::Set(const std::string& source, double value) {
  const auto [it, added] = shown_.try_emplace(source);
  if (added) it->second.gauge = &family_.Add({{"source", source}});
  it->second.is_new = true;
  it->second.gauge->Set(value);
}

void SourceMetrics::Gauges::RemoveOld() {
  for (auto it = shown_.begin(); it != shown_.end();) {
    if (!it->second.is_new) {
      family_.Remove(it->second.gauge);
      it = shown_.erase(it);
      continue;
    }
    it->second.is_new = false;
    ++it;
  }
}

}  // namespace dateline::fetcher
