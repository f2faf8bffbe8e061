#ifndef DATELINE_PARSER_CORE_UNDONE_PAGE_H_
#define DATELINE_PARSER_CORE_UNDONE_PAGE_H_

#include <cstddef>

#include "absl/status/statusor.h"
#include "dateline/v1/page.pb.h"

namespace dateline {

// The same page with its body out of `content_codings`, which are empty then.
// kInvalidArgument where they can't be undone, kResourceExhausted where more
// than `max_bytes` come of one.
absl::StatusOr<v1::RawPage> UndoneContentCodings(const v1::RawPage& page,
                                                 size_t max_bytes);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_UNDONE_PAGE_H_
