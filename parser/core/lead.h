#ifndef DATELINE_PARSER_CORE_LEAD_H_
#define DATELINE_PARSER_CORE_LEAD_H_

#include "parser/core/content_weight.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Takes back the lead, which many pages keep beside their title, outside the
// container of the text: lines between the headline and the first kept block
// that are named as a lead, equal the page's description, or are sentences.
void RescueLead(const PageModel& model, const BodyClues& clues,
                Selection* selection);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_LEAD_H_
