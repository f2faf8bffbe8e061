#include "common/otlp/flags.h"

#include <utility>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "common/hostname.h"
#include "common/rest_client.h"

ABSL_FLAG(std::string, otlp_traces_endpoint, "",
          "Where to send spans by OTLP/HTTP with JSON, as "
          "http://127.0.0.1:4318/v1/traces; empty for nowhere");
ABSL_FLAG(double, otlp_traces_ratio, 1.0,
          "The share of traces whose spans are sent, 0 to 1; the same for all "
          "services, so that traces are whole");

namespace dateline::otlp {
namespace {

constexpr absl::Duration kRequestTimeout = absl::Seconds(3);

// The answers after which the protocol has a request made again.
bool IsTransient(long status) {
  return status == 429 || status == 502 || status == 503 || status == 504;
}

absl::Status PostTo(const RestClient& collector, std::string json) {
  const absl::StatusOr<RestResponse> response = collector.Send(
      {.method = "POST", .body = std::move(json), .timeout = kRequestTimeout});
  if (!response.ok()) return response.status();
  if (response->status >= 200 && response->status < 300) {
    return absl::OkStatus();
  }
  const std::string message = absl::StrCat(
      "the collector at ", collector.name(), " answered ", response->status);
  return IsTransient(response->status) ? absl::UnavailableError(message)
                                       : absl::InternalError(message);
}

}  // namespace

absl::StatusOr<std::unique_ptr<SpanExporter>> SpanExporterFromFlags(
    const std::string& service, Metrics& metrics) {
  const double ratio = absl::GetFlag(FLAGS_otlp_traces_ratio);
  if (!(ratio >= 0.0 && ratio <= 1.0)) {
    return absl::InvalidArgumentError(absl::StrCat(
        "--otlp_traces_ratio must be between 0 and 1, not ", ratio));
  }
  const std::string endpoint = absl::GetFlag(FLAGS_otlp_traces_endpoint);
  if (endpoint.empty()) return nullptr;
  absl::StatusOr<std::unique_ptr<RestClient>> collector =
      RestClient::Create({.server = "the collector",
                          .flag = "--otlp_traces_endpoint",
                          .urls = {endpoint}});
  if (!collector.ok()) return collector.status();
  return std::make_unique<SpanExporter>(
      SpanExporterOptions{.resource = {.service_name = service,
                                       .service_version = DATELINE_VERSION,
                                       .service_instance_id = Hostname()},
                          .ratio = ratio},
      [client = std::shared_ptr<RestClient>(*std::move(collector))](
          std::string json) { return PostTo(*client, std::move(json)); },
      metrics);
}

}  // namespace dateline::otlp
