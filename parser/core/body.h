#ifndef DATELINE_PARSER_CORE_BODY_H_
#define DATELINE_PARSER_CORE_BODY_H_

#include <vector>

#include "dateline/v1/article.pb.h"
#include "parser/core/document.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Writes the kept blocks into `article` as typed blocks in reading order, with
// the pictures and embeds that stand among them and the links in them. Returns
// for each block of the model its index in `article.body`, -1 where it is in
// none.
std::vector<int> WriteBody(const Document& document, const PageModel& model,
                           const Selection& selection, v1::Article* article);

// The same for the blocks of `selection.container` alone, without their links.
void WriteBlocksWithin(const Document& document, const PageModel& model,
                       const Selection& selection, v1::Article* article);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_BODY_H_
