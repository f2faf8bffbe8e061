#ifndef DATELINE_COMMON_METRICS_H_
#define DATELINE_COMMON_METRICS_H_

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "prometheus/counter.h"
#include "prometheus/family.h"
#include "prometheus/gauge.h"
#include "prometheus/histogram.h"
#include "prometheus/registry.h"

namespace dateline {

// The metrics of one process. Names begin with "dateline_", counters end in
// "_total", durations are in seconds. What is returned lives as long as this
// object. Thread-safe.
class Metrics {
 public:
  Metrics();
  ~Metrics();

  // Asking again for the same name and labels gives the same metric.
  prometheus::Counter& Counter(const std::string& name, const std::string& help,
                               const prometheus::Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name, const std::string& help,
                           const prometheus::Labels& labels = {});
  // For gauges that go again: Add and Remove are thread-safe, too.
  prometheus::Family<prometheus::Gauge>& GaugeFamily(const std::string& name,
                                                     const std::string& help);
  // Buckets from 1 ms to about a minute, doubling.
  prometheus::Histogram& Latency(const std::string& name,
                                 const std::string& help,
                                 const prometheus::Labels& labels = {});

  // Serves GET /metrics on `address` ("127.0.0.1:9464"; port 0 takes a free
  // one) and returns the port; where it is empty, serves nothing and returns 0.
  absl::StatusOr<int> Serve(const std::string& address);

 private:
  std::shared_ptr<prometheus::Registry> registry_;
  struct Exposer;
  std::unique_ptr<Exposer> exposer_;
};

}  // namespace dateline

#endif  // DATELINE_COMMON_METRICS_H_
