#ifndef DATELINE_STORE_OPENSEARCH_CLIENT_H_
#define DATELINE_STORE_OPENSEARCH_CLIENT_H_

#include <memory>
#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/rest_client.h"
#include "nlohmann/json.hpp"

namespace dateline::store {

struct OpenSearchOptions {
  // Its server and flag are set here.
  RestOptions http = {};
  // How long a question may take, and how long a write.
  absl::Duration read_timeout = absl::Seconds(10);
  absl::Duration write_timeout = absl::Seconds(60);
};

// OpenSearch's REST API: JSON in, JSON out, errors as ArticleRepository has
// them. Thread-safe.
class OpenSearchClient {
 public:
  static absl::StatusOr<std::unique_ptr<OpenSearchClient>> Create(
      const OpenSearchOptions& options);

  // `body` null sends none. kNotFound where there is no such index or document.
  absl::StatusOr<nlohmann::json> Read(const char* method,
                                      const std::string& path,
                                      const nlohmann::json& body) const;
  absl::StatusOr<nlohmann::json> Write(const char* method,
                                       const std::string& path,
                                       const nlohmann::json& body) const;

  // `_bulk`: lines of JSON, each with its line feed. What became of the single
  // operations stands in the answer.
  absl::StatusOr<nlohmann::json> Bulk(const std::string& path,
                                      std::string lines) const;

 private:
  OpenSearchClient(std::unique_ptr<RestClient> http,
                   const OpenSearchOptions& options)
      : http_(std::move(http)),
        read_timeout_(options.read_timeout),
        write_timeout_(options.write_timeout) {}

  absl::StatusOr<nlohmann::json> Send(const RestRequest& request) const;

  const std::unique_ptr<RestClient> http_;
  const absl::Duration read_timeout_;
  const absl::Duration write_timeout_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_CLIENT_H_
