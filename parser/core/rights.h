#ifndef DATELINE_PARSER_CORE_RIGHTS_H_
#define DATELINE_PARSER_CORE_RIGHTS_H_

#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.rights` from the answer's headers: X-Robots-Tag (all agents),
// tdm-reservation and tdm-policy (TDMRep, W3C community group, 2022).
void ReadHeaderRights(const v1::RawPage& page, EvidenceLog& log,
                      v1::Article& article);

// The same from meta elements, in addition.
void ReadMetaRights(const MetadataInput& input, EvidenceLog& log,
                    v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_RIGHTS_H_
