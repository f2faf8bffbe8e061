#ifndef DATELINE_PARSER_CORE_ARTICLE_TIME_H_
#define DATELINE_PARSER_CORE_ARTICLE_TIME_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.publish_time` and `article.modified_time` from JSON-LD,
// microdata, meta elements, <time> and dated elements near the headline, the
// URL, the feed, and last the visible text near the headline. A statement of
// the day gives way to one of the same day that is more exact. The elements
// that carry a date go into `date_nodes`.
void ReadArticleTimes(const MetadataInput& input, const Node* headline,
                      EvidenceLog& log, std::vector<const Node*>* date_nodes,
                      v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_ARTICLE_TIME_H_
