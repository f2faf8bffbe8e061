#ifndef DATELINE_PARSER_CORE_TOPICS_H_
#define DATELINE_PARSER_CORE_TOPICS_H_

#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.section` and `article.keywords`: the topics the page gives
// itself, each once, without the site's own name and what is the same on every
// page. Reads `article.publisher`.
void ReadTopics(const MetadataInput& input, EvidenceLog& log,
                v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_TOPICS_H_
