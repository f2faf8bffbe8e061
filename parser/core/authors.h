#ifndef DATELINE_PARSER_CORE_AUTHORS_H_
#define DATELINE_PARSER_CORE_AUTHORS_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/metadata_evidence.h"
#include "parser/core/metadata_input.h"

namespace dateline {

// Sets `article.authors` from the source that names people best: JSON-LD,
// microdata, meta elements, the byline on the page, the feed. A source that
// names only the site or an agency gives way to one that names a person. Reads
// `article.publisher`. `headline` is the headline's element, or nullptr. The
// elements that were read as bylines go into `byline_nodes`.
void ReadAuthors(const MetadataInput& input, const Node* headline,
                 EvidenceLog& log, std::vector<const Node*>* byline_nodes,
                 v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_AUTHORS_H_
