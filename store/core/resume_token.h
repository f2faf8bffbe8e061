#ifndef DATELINE_STORE_CORE_RESUME_TOKEN_H_
#define DATELINE_STORE_CORE_RESUME_TOKEN_H_

#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "store/core/offsets.h"

namespace dateline::store {

// A place in `topic` for WatchArticles to go on from, on any replica.
std::string MakeResumeToken(absl::string_view topic, const Offsets& offsets);

// kInvalidArgument, naming the field, where the token was made up or is of
// another topic.
absl::StatusOr<Offsets> ReadResumeToken(absl::string_view topic,
                                        absl::string_view token);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_RESUME_TOKEN_H_
