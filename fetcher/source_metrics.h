#ifndef DATELINE_FETCHER_SOURCE_METRICS_H_
#define DATELINE_FETCHER_SOURCE_METRICS_H_

#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/metrics.h"
#include "common/source_labels.h"
#include "fetcher/core/outcome.h"
#include "fetcher/core/source_readings.h"
#include "fetcher/source_reader.h"

namespace dateline::fetcher {

// What is counted and shown of each source, for at most 1,000 sources by name
// (SourceLabels). The counters of a source that is gone stay until a restart,
// and with them its place among those; its gauges go with it. One thread uses
// it.
class SourceMetrics {
 public:
  // Both must outlive it.
  SourceMetrics(Metrics* metrics, const SourceReader* sources);

  // Counts a fetch that ended, of a page or of the source itself.
  void Count(const std::string& source, const Verdict& verdict);

  // Shows the sources that this replica reads, and no others.
  void Show(const std::vector<SourceStanding>& standings);

 private:
  // Gauges of one name, by source.
  class Gauges {
   public:
    Gauges(Metrics* metrics, const std::string& name, const std::string& help)
        : family_(metrics->GaugeFamily(name, help)) {}
    void Set(const std::string& source, double value);
    // Takes those away that were not set since the last call.
    void RemoveOld();

   private:
    struct Shown {
      prometheus::Gauge* gauge;
      bool is_new;
    };
    prometheus::Family<prometheus::Gauge>& family_;
    std::map<std::string, Shown> shown_;
  };

  std::string LabelOf(const std::string& source);

  Metrics& metrics_;
  const SourceReader& sources_;
  SourceLabels labels_;
  Gauges last_success_;
  Gauges last_new_;
  Gauges urls_per_day_;
  Gauges quiet_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SOURCE_METRICS_H_
