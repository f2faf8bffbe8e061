#ifndef DATELINE_STORE_CORE_SERIALIZED_ARTICLE_H_
#define DATELINE_STORE_CORE_SERIALIZED_ARTICLE_H_

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dateline::store {

// Whether an Article can be parsed from `bytes`, found without making one, at a
// fraction of the time. Within an answer, bytes that are none would make all of
// it unreadable to the client.
bool IsSerializedArticle(absl::string_view bytes);

// kDataLoss, for bytes of the article `uid` that are none.
absl::Status DamagedArticle(absl::string_view uid);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_SERIALIZED_ARTICLE_H_
