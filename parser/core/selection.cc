#include "parser/core/selection.h"

#include "parser/core/block_filter.h"
#include "parser/core/container.h"

namespace dateline {

Selection SelectBody(const PageModel& model, const BodyClues& clues) {
  Selection selection;
  selection.verdicts.resize(model.blocks.size());
  const ShingleSet article_body(clues.article_body);
  std::vector<double> weights = ContentWeights(model, article_body);
  DropNamedParts(model, &weights, &selection.verdicts);
  selection.container =
      ChooseContainer(model, weights, selection.verdicts, clues);
  FilterBlocks(model, weights, clues, article_body, selection.container,
               &selection.verdicts);
  return selection;
}

}  // namespace dateline
