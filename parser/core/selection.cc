#include "parser/core/selection.h"

#include "parser/core/block_filter.h"
#include "parser/core/container.h"
#include "parser/core/lead.h"

namespace dateline {

namespace {

// JSON-LD's text moves the choice only where what the markup favours holds
// little of it: often it is an excerpt.
int ChooseWith(const PageModel& model, const std::vector<double>& weights,
               const std::vector<Verdict>& verdicts, const BodyClues& clues) {
  const int by_markup = ChooseContainer(model, weights, verdicts, clues);
  if (by_markup < 0 || clues.article_body.empty()) return by_markup;
  const std::vector<double> covered =
      WeightsByArticleBody(model, weights, ShingleSet(clues.article_body));
  const RangeSum sums(covered);
  const double all = sums.Of(0, static_cast<int>(covered.size()));
  const double held = sums.Of(model.boxes[static_cast<size_t>(by_markup)]);
  if (all < 200 || held > 0.7 * all) return by_markup;
  const int by_text = ChooseContainer(model, covered, verdicts, clues);
  return by_text < 0 ? by_markup : by_text;
}

}  // namespace

Selection SelectBody(const PageModel& model, const BodyClues& clues) {
  Selection selection;
  selection.verdicts.resize(model.blocks.size());
  std::vector<double> weights = ContentWeights(model);
  DropNamedParts(model, clues, &weights, &selection.verdicts);
  selection.container = ChooseWith(model, weights, selection.verdicts, clues);
  FilterBlocks(model, weights, clues, &selection);
  RescueLead(model, clues, &selection);
  return selection;
}

}  // namespace dateline
