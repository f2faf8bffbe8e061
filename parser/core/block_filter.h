#ifndef DATELINE_PARSER_CORE_BLOCK_FILTER_H_
#define DATELINE_PARSER_CORE_BLOCK_FILTER_H_

#include <vector>

#include "parser/core/content_weight.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Takes out what is not the article's text: everything outside
// `selection->container`, and inside it captions, lists of links, cards of
// other articles, lines known by their wording, the title once more, what
// follows an end marker, and short lines before and after the text.
void FilterBlocks(const PageModel& model, const std::vector<double>& weights,
                  const BodyClues& clues, Selection* selection);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_BLOCK_FILTER_H_
