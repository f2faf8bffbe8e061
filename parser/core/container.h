#ifndef DATELINE_PARSER_CORE_CONTAINER_H_
#define DATELINE_PARSER_CORE_CONTAINER_H_

#include <vector>

#include "parser/core/content_weight.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Drops parts of the page that tag, role or name give away (navigation,
// comments, adverts, hidden parts), unless they hold so much of its text that
// the name must mean something else. Their weights become 0. Without
// `trust_names` only hidden parts and the surest tags go.
void DropNamedParts(const PageModel& model, const BodyClues& clues,
                    bool trust_names, std::vector<double>* weights,
                    std::vector<Verdict>* verdicts);

// Lightens rows of boxes that each announce an article: a linked line with a
// sentence or two, four times and more.
void LightenRows(const PageModel& model, std::vector<double>* weights);

// The box that holds most of the running text and little else; -1 where no box
// has any.
int ChooseContainer(const PageModel& model, const std::vector<double>& weights,
                    const std::vector<Verdict>& verdicts,
                    const BodyClues& clues);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_CONTAINER_H_
