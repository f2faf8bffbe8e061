#include "parser/core/extract.h"

#include "absl/strings/str_cat.h"
#include "parser/core/document.h"

namespace dateline {

absl::StatusOr<Extraction> ExtractArticle(const v1::RawPage& page,
                                          const ExtractOptions&) {
  return absl::NotFoundError(absl::StrCat("no article in ", page.url()));
}

v1::DeadLetterReason DeadLetterReasonOf(const absl::Status& status) {
  switch (status.code()) {
    case absl::StatusCode::kUnimplemented:
      return v1::DEAD_LETTER_REASON_UNSUPPORTED_MEDIA_TYPE;
    case absl::StatusCode::kInvalidArgument:
      return v1::DEAD_LETTER_REASON_UNPARSABLE;
    case absl::StatusCode::kNotFound:
      return v1::DEAD_LETTER_REASON_NO_ARTICLE;
    case absl::StatusCode::kResourceExhausted:
      return v1::DEAD_LETTER_REASON_TOO_LARGE;
    default:
      return v1::DEAD_LETTER_REASON_UNSPECIFIED;
  }
}

}  // namespace dateline
