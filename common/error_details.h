#ifndef DATELINE_COMMON_ERROR_DETAILS_H_
#define DATELINE_COMMON_ERROR_DETAILS_H_

#include <map>
#include <string>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"

namespace dateline {

// Statuses that carry the details AIP-193 asks for, as google.rpc messages in
// their payloads, which rpc::ToGrpcStatus sends on. Whoever makes a new status
// of one for a longer message has to copy its payloads.

// kInvalidArgument, "FIELD: DESCRIPTION", with a BadRequest that names the
// request's field.
absl::Status InvalidField(absl::string_view field,
                          absl::string_view description);

// The same for a place within the field's text, "FIELD, position N:
// DESCRIPTION"; the BadRequest's description names the position, too.
absl::Status InvalidField(absl::string_view field, int position,
                          absl::string_view description);

// kNotFound with a ResourceInfo: `type` as "dateline.v1.Article", `name` what
// was asked for.
absl::Status MissingResource(absl::string_view type, absl::string_view name,
                             absl::string_view message);

// kResourceExhausted with a RetryInfo: what was asked for may be asked again
// after `delay`.
absl::Status TryAgainAfter(absl::Duration delay, absl::string_view message);

// `status` with an ErrorInfo of the domain "dateline": `reason` in
// UPPER_SNAKE_CASE, by which a client tells one error from another.
absl::Status WithErrorInfo(absl::Status status, absl::string_view reason,
                           const std::map<std::string, std::string>& metadata);

}  // namespace dateline

#endif  // DATELINE_COMMON_ERROR_DETAILS_H_
