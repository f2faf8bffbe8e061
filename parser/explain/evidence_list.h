#ifndef DATELINE_PARSER_EXPLAIN_EVIDENCE_LIST_H_
#define DATELINE_PARSER_EXPLAIN_EVIDENCE_LIST_H_

#include <map>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/extract.h"
#include "parser/explain/html_writer.h"

namespace dateline::explain {

// Evidence by field, that of "publisher.name" with "publisher". Points into the
// extraction it was made of.
using EvidenceByField = std::map<std::string, std::vector<const v1::Evidence*>>;

// All of an extraction's evidence: what was explained, or, where nothing was,
// what the article carries. Of each field what won comes first.
EvidenceByField GroupEvidence(const Extraction& extraction);

// A source's name for people: "JSON-LD".
absl::string_view SourceName(v1::EvidenceSource source);

// Writes which sources won and which lost, folded up to one line.
void WriteEvidence(const std::vector<const v1::Evidence*>& evidence,
                   HtmlWriter* out);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_EVIDENCE_LIST_H_
