#include "common/metrics.h"

#include <prometheus/exposer.h>

#include <exception>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"

namespace dateline {

struct Metrics::Exposer {
  explicit Exposer(const std::string& address) : server(address, 1) {}
  prometheus::Exposer server;
};

Metrics::Metrics() : registry_(std::make_shared<prometheus::Registry>()) {}
Metrics::~Metrics() = default;

prometheus::Counter& Metrics::Counter(const std::string& name,
                                      const std::string& help,
                                      const prometheus::Labels& labels) {
  return prometheus::BuildCounter()
      .Name(name)
      .Help(help)
      .Register(*registry_)
      .Add(labels);
}

prometheus::Gauge& Metrics::Gauge(const std::string& name,
                                  const std::string& help,
                                  const prometheus::Labels& labels) {
  return GaugeFamily(name, help).Add(labels);
}

prometheus::Family<prometheus::Gauge>& Metrics::GaugeFamily(
    const std::string& name, const std::string& help) {
  return prometheus::BuildGauge().Name(name).Help(help).Register(*registry_);
}

prometheus::Histogram& Metrics::Latency(const std::string& name,
                                        const std::string& help,
                                        const prometheus::Labels& labels) {
  static const prometheus::Histogram::BucketBoundaries* const kSeconds =
      new prometheus::Histogram::BucketBoundaries{
          0.001, 0.002, 0.004, 0.008, 0.016, 0.032,  0.064,  0.128, 0.256,
          0.512, 1.024, 2.048, 4.096, 8.192, 16.384, 32.768, 65.536};
  return prometheus::BuildHistogram()
      .Name(name)
      .Help(help)
      .Register(*registry_)
      .Add(labels, *kSeconds);
}

absl::StatusOr<int> Metrics::Serve(const std::string& address) {
  if (address.empty()) return 0;
  try {
    exposer_ = std::make_unique<Exposer>(address);
  } catch (const std::exception&) {
    return absl::UnavailableError(absl::StrCat(
        "can't serve metrics on ", address,
        ": the port is taken or the address is not of this machine"));
  }
  exposer_->server.RegisterCollectable(registry_);
  return exposer_->server.GetListeningPorts().front();
}

}  // namespace dateline
