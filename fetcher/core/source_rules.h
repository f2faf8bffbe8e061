#ifndef DATELINE_FETCHER_CORE_SOURCE_RULES_H_
#define DATELINE_FETCHER_CORE_SOURCE_RULES_H_

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "absl/types/span.h"
#include "dateline/v1/fetcher_service.pb.h"
#include "dateline/v1/source.pb.h"

namespace dateline::fetcher {

// OK where it is `sources/{source}` as Source.name says.
absl::Status CheckSourceName(absl::string_view name);

// {source} for a source without one: "feeds-example-org" of the host, with
// its port where it has one. With `distinct`, 8 digits of the URL's digest
// follow, for when another source has that name.
std::string SourceIdOf(absl::string_view url, bool distinct);

// The fields that people may set: "kind", "url", ....
absl::Span<const absl::string_view> SettableSourceFields();

// The source to store for a request, with its name, defaults, times and etag;
// its URL in canonical form. kInvalidArgument naming the field.
absl::StatusOr<v1::Source> NewSource(const v1::CreateSourceRequest& request,
                                     absl::Time now);

// The source to store in place of `present`. kAborted where the request's etag
// is another one; kInvalidArgument as above and for unknown paths in the mask.
// Without a mask, fields that only the service sets are left as they are.
absl::StatusOr<v1::Source> ChangedSource(const v1::Source& present,
                                         const v1::UpdateSourceRequest& request,
                                         absl::Time now);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CORE_SOURCE_RULES_H_
