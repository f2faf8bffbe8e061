#ifndef DATELINE_PARSER_CORE_SELECTION_SHORT_H_
#define DATELINE_PARSER_CORE_SELECTION_SHORT_H_

#include "parser/core/content_weight.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// What to keep of a page without running text: all lines outside of what is
// named as furniture, but for the title and known lines. Nothing (container
// -1) where that is less than three words or the lesser part of the page, as on
// a list of links, and of a page that only says why it shows nothing.
Selection SelectShortText(const PageModel& model, const BodyClues& clues);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_SELECTION_SHORT_H_
