#ifndef DATELINE_STORE_CORE_FILTER_ERROR_H_
#define DATELINE_STORE_CORE_FILTER_ERROR_H_

#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dateline::store::filter {

// kInvalidArgument: "filter, position 17: " and the message. Positions count
// characters (code points) from 1.
absl::Status FilterError(int position, absl::string_view message);

// Text of a filter as a message shows it: in single quotes, cut where it is
// long.
std::string Quoted(absl::string_view text);

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_ERROR_H_
