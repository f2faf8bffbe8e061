#ifndef DATELINE_FETCHER_CORE_METRIC_LABELS_H_
#define DATELINE_FETCHER_CORE_METRIC_LABELS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline::fetcher {

// The metric label of a Verdict's code. Its set is bounded: a status that HTTP
// does not know stands as its class, "http_4xx", or as "http_other".
std::string ReasonLabel(absl::string_view code);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_METRIC_LABELS_H_
