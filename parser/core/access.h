#ifndef DATELINE_PARSER_CORE_ACCESS_H_
#define DATELINE_PARSER_CORE_ACCESS_H_

#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.access`: schema.org's isAccessibleForFree, the meta elements
// that say so, or an element whose class says paywall.
void ReadAccess(const MetadataInput& input, EvidenceLog& log,
                v1::Article& article);

// Sets `article.article_type` by JSON-LD's type, og:type, section and URL.
// Reads `article.section`.
void ReadArticleType(const MetadataInput& input, EvidenceLog& log,
                     v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ACCESS_H_
