#ifndef DATELINE_PARSER_CORE_EXPLANATION_H_
#define DATELINE_PARSER_CORE_EXPLANATION_H_

#include <vector>

#include "absl/strings/string_view.h"
#include "dateline/v1/explanation.pb.h"
#include "parser/core/page_model.h"
#include "parser/core/selection.h"

namespace dateline {

// Appends what became of every block of `model` to `explanation`. `places` is
// what WriteBody returned; `origin` stands before each path ("" for the page as
// marked up).
void ExplainBlocks(const PageModel& model, const Selection& selection,
                   const std::vector<int>& places, absl::string_view origin,
                   v1::Explanation* explanation);

// Says what became of a block.
void SetVerdict(const Verdict& verdict, v1::BlockExplanation* block);

// Makes kept blocks dropped ones, for the reason given: nothing came of them.
void ExplainAsDropped(absl::string_view rule, absl::string_view reason,
                      v1::Explanation* explanation);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_EXPLANATION_H_
