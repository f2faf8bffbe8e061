#ifndef DATELINE_STORE_CORE_REVISION_H_
#define DATELINE_STORE_CORE_REVISION_H_

#include <cstdint>
#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"
#include "dateline/v1/article_store_service.pb.h"

namespace dateline::store {

// The text and the times of an article as a revision, without changed_fields.
// `version` and `fetch_us` (the least integer where not known) are those of the
// version that the text came with; `article` may be a later one of that text.
v1::Revision RevisionOf(const v1::Article& article, int64_t version,
                        int64_t fetch_us);

// Revision.changed_fields of `revision` where `before` is the text before it.
std::vector<std::string> ChangedFields(const v1::Revision& before,
                                       const v1::Revision& revision);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_REVISION_H_
