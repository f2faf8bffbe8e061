#include "fetcher/core/record_key.h"

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

constexpr absl::string_view kHostPrefix = "host/";
constexpr absl::string_view kSubmissionPrefix = "submit/";

}  // namespace

std::string UrlKey(absl::string_view canonical_url) {
  return std::string(canonical_url);
}

std::string HostKey(absl::string_view host_port) {
  return absl::StrCat(kHostPrefix, host_port);
}

std::string SubmissionKey(absl::string_view canonical_url) {
  return absl::StrCat(kSubmissionPrefix, canonical_url);
}

RecordKey ParseRecordKey(absl::string_view key) {
  if (absl::ConsumePrefix(&key, kHostPrefix)) {
    return {RecordKind::kHost, key};
  }
  if (absl::ConsumePrefix(&key, kSubmissionPrefix)) {
    return {RecordKind::kSubmission, key};
  }
  return {RecordKind::kUrl, key};
}

}  // namespace dateline::fetcher
