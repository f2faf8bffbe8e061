#include "store/opensearch/client.h"

#include "absl/strings/str_cat.h"
#include "store/opensearch/errors.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

}  // namespace

absl::StatusOr<std::unique_ptr<OpenSearchClient>> OpenSearchClient::Create(
    const OpenSearchOptions& options) {
  RestOptions rest = options.http;
  rest.server = "OpenSearch";
  rest.flag = "--opensearch_url";
  absl::StatusOr<std::unique_ptr<RestClient>> http = RestClient::Create(rest);
  if (!http.ok()) return http.status();
  return std::unique_ptr<OpenSearchClient>(
      new OpenSearchClient(*std::move(http), options));
}

absl::StatusOr<Json> OpenSearchClient::Read(const char* method,
                                            const std::string& path,
                                            const Json& body) const {
  return Send({.method = method,
               .path = path,
               .body = body.is_null() ? "" : Dump(body),
               .timeout = read_timeout_});
}

absl::StatusOr<Json> OpenSearchClient::Write(const char* method,
                                             const std::string& path,
                                             const Json& body) const {
  return Send({.method = method,
               .path = path,
               .body = body.is_null() ? "" : Dump(body),
               .timeout = write_timeout_});
}

absl::StatusOr<Json> OpenSearchClient::Bulk(const std::string& path,
                                            std::string lines) const {
  return Send({.method = "POST",
               .path = path,
               .body = std::move(lines),
               .content_type = "application/x-ndjson",
               .timeout = write_timeout_});
}

absl::StatusOr<Json> OpenSearchClient::Send(const RestRequest& request) const {
  const absl::StatusOr<RestResponse> response = http_->Send(request);
  if (!response.ok()) return response.status();
  Json answer = Json::parse(response->body, nullptr, false);
  if (response->status >= 200 && response->status < 300) {
    if (!answer.is_discarded()) return answer;
    return absl::UnavailableError(absl::StrCat(
        http_->name(), " answers something else than JSON; is it OpenSearch?"));
  }
  const std::string what = absl::StrCat(
      request.method, " ", request.path.substr(0, request.path.find('?')));
  if (!answer.is_object()) return ErrorStatus(what, response->status, Json());
  return ErrorStatus(what, response->status, answer.value("error", Json()));
}

}  // namespace dateline::store
