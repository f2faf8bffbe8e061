#ifndef DATELINE_STORE_OPENSEARCH_ERRORS_H_
#define DATELINE_STORE_OPENSEARCH_ERRORS_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "nlohmann/json.hpp"

namespace dateline::store {

// `json` as bytes; what is no UTF-8 in it becomes U+FFFD.
std::string Dump(const nlohmann::json& json);

// An answer's HTTP status and its `error`, of a whole request or of one
// operation of a bulk, by what the caller should do:
//   kNotFound            404
//   kAborted             409: another write came first; read again
//   kResourceExhausted   429: too much at a time, or its disk is full
//   kUnavailable         502, 503, 504: a part of the cluster is away
//   kPermissionDenied    401, 403
//   kFailedPrecondition  else: it can't take this, as with a mapping that isn't
//                        ours
absl::Status ErrorStatus(absl::string_view what, long http_status,
                         const nlohmann::json& error);

absl::Status NotUnderstood(const nlohmann::json::exception& error);

// What `read` returns; where it finds an answer of another shape than
// OpenSearch's, so that the JSON library throws, kUnavailable.
template <typename Read>
auto Guarded(Read read) -> decltype(read()) {
  try {
    return read();
  } catch (const nlohmann::json::exception& error) {
    return NotUnderstood(error);
  }
}

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_ERRORS_H_
