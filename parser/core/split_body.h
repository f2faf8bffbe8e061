#ifndef DATELINE_PARSER_CORE_SPLIT_BODY_H_
#define DATELINE_PARSER_CORE_SPLIT_BODY_H_

#include <vector>

#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// The boxes that the text is spread over: the container, and others of the same
// tag and class near it that hold running text and no linked title. In document
// order; `container` alone where there are no others.
std::vector<int> PartsOfBody(const PageModel& model,
                             const std::vector<double>& weights,
                             const std::vector<Verdict>& verdicts,
                             int container);

// The innermost box that is or holds all of `boxes`, which is not empty.
int CommonBox(const PageModel& model, const std::vector<int>& boxes);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_SPLIT_BODY_H_
