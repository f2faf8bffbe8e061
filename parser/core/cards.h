#ifndef DATELINE_PARSER_CORE_CARDS_H_
#define DATELINE_PARSER_CORE_CARDS_H_

#include <vector>

#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// For each block whether it stands in a small box together with a picture or
// player: a caption that no markup names.
std::vector<bool> LinesBesideMedia(const PageModel& model, int container);

// Boxes within the container that announce other articles: a linked title with
// a line or two, or a box named as a teaser with a link. None where they would
// be a good part of the text.
std::vector<int> CardsWithin(const PageModel& model,
                             const std::vector<double>& weights,
                             const std::vector<Verdict>& verdicts,
                             int container);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CARDS_H_
