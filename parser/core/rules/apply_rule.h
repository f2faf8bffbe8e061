#ifndef DATELINE_PARSER_CORE_RULES_APPLY_RULE_H_
#define DATELINE_PARSER_CORE_RULES_APPLY_RULE_H_

#include <vector>

#include "absl/time/time.h"
#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/metadata.h"
#include "parser/core/node.h"
#include "parser/core/page_model.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

// What a rule finds of the body. Nodes belong to the document.
struct RuleParts {
  // In document order; empty where the rule finds none.
  std::vector<const Node*> body;
  // Block elements never to be in the body.
  std::vector<const Node*> dropped;
};

// Sets the fields that `rule` finds on the page, over what `article` has from
// ReadMetadata, and `metadata`'s nodes and headlines to match. Evidence cites
// the rule's file; that of a value that gave way is kept only if `explain`.
// Elements to drop that stand within a line are taken out of the document.
// `fetch_time`: what relative times count from; infinite where not known.
RuleParts ApplyRule(const CompiledRule& rule, const Document& document,
                    absl::Time fetch_time, bool explain, PageMetadata* metadata,
                    v1::Article* article);

// Takes pictures and embeds in the dropped parts out of a model.
void DropMedia(const RuleParts& parts, PageModel* model);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_RULES_APPLY_RULE_H_
