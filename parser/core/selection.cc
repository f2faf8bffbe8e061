#include "parser/core/selection.h"

#include "parser/core/block_filter.h"
#include "parser/core/container.h"
#include "parser/core/lead.h"
#include "parser/core/text.h"

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

namespace {

double KeptWords(const PageModel& model, const Selection& selection) {
  double words = 0;
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    if (selection.verdicts[i].kept) words += model.blocks[i].words;
  }
  return words;
}

// One try. Without trust in names only what is hidden goes by its name.
Selection Try(const PageModel& model, const BodyClues& clues,
              const std::vector<double>& all_weights, bool trust_names) {
  Selection selection;
  selection.verdicts.resize(model.blocks.size());
  std::vector<double> weights = all_weights;
  DropNamedParts(model, clues, trust_names, &weights, &selection.verdicts);
  LightenRows(model, &weights);
  selection.container = ChooseWith(model, weights, selection.verdicts, clues);
  FilterBlocks(model, weights, clues, &selection);
  RescueLead(model, clues, &selection);
  return selection;
}

}  // namespace

Selection SelectBody(const PageModel& model, const BodyClues& clues) {
  constexpr double kFewWords = 60;
  const std::vector<double> weights = ContentWeights(model);
  Selection selection = Try(model, clues, weights, /*trust_names=*/true);
  const double words = KeptWords(model, selection);
  if (words >= kFewWords) return selection;
  Selection second = Try(model, clues, weights, /*trust_names=*/false);
  return KeptWords(model, second) > 2 * words + 20 ? second : selection;
}

}  // namespace dateline
