#ifndef DATELINE_STORE_CORE_REVISION_H_
#define DATELINE_STORE_CORE_REVISION_H_

#include <string>
#include <vector>

#include "dateline/v1/article.pb.h"
#include "dateline/v1/article_store_service.pb.h"

namespace dateline::store {

// The text and the times of an article as a revision, without changed_fields.
v1::Revision RevisionOf(const v1::Article& article);

// Revision.changed_fields of `revision` where `before` is the text before it.
std::vector<std::string> ChangedFields(const v1::Revision& before,
                                       const v1::Revision& revision);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_REVISION_H_
