#ifndef DATELINE_FETCHER_CORE_RECORD_KEY_H_
#define DATELINE_FETCHER_CORE_RECORD_KEY_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// The keys of the `frontier` topic (frontier.proto).
std::string UrlKey(absl::string_view canonical_url);
std::string HostKey(absl::string_view host_port);
std::string SubmissionKey(absl::string_view canonical_url);

enum class RecordKind { kUrl, kHost, kSubmission };

struct RecordKey {
  RecordKind kind = RecordKind::kUrl;
  // The URL or host, part of the text that was parsed.
  absl::string_view name;
};

// What a key names.
RecordKey ParseRecordKey(absl::string_view key);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_RECORD_KEY_H_
