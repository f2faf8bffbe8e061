#include "parser/core/selection.h"

#include <algorithm>
#include <utility>

#include "absl/container/flat_hash_set.h"
#include "parser/core/block_filter.h"
#include "parser/core/container.h"
#include "parser/core/lead.h"
#include "parser/core/selection_short.h"
#include "parser/core/split_body.h"
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

// Takes a live blog's entries out, and all but what may introduce them.
void DropLiveEntries(const PageModel& model, const BodyClues& clues,
                     std::vector<double>* weights,
                     std::vector<Verdict>* verdicts) {
  if (clues.live_entries.empty()) return;
  const auto drop = [&](int first, int end, const Verdict& verdict) {
    for (auto i = static_cast<size_t>(first); i < static_cast<size_t>(end);
         ++i) {
      if ((*verdicts)[i].kept) (*verdicts)[i] = verdict;
      (*weights)[i] = 0;
    }
  };
  for (const int entry : clues.live_entries) {
    const Box& box = model.boxes[static_cast<size_t>(entry)];
    drop(box.first_block, box.end_block,
         {false, "live_update", "It stands in an entry of the live blog."});
  }
  const int first =
      model.boxes[static_cast<size_t>(clues.live_entries[0])].first_block;
  constexpr Verdict kBeside = {
      false, "beside_live_updates",
      "It stands beside or behind the entries of the live blog."};
  drop(first, static_cast<int>(model.blocks.size()), kBeside);
  for (const Box& box : model.boxes) {
    if (box.node != clues.headline_node) continue;
    if (box.end_block <= first) drop(0, box.first_block, kBeside);
    return;
  }
}

// Drops what a site's rule drops. Returns the boxes of the body that it names,
// with all outside of them dropped; none where it names none.
std::vector<int> ObeyRule(const PageModel& model, const BodyClues& clues,
                          std::vector<double>* weights,
                          std::vector<Verdict>* verdicts) {
  std::vector<int> parts;
  if (clues.rule_body.empty() && clues.rule_dropped.empty()) return parts;
  const auto drop = [&](int first, int end, const Verdict& verdict) {
    for (auto i = static_cast<size_t>(first); i < static_cast<size_t>(end);
         ++i) {
      if ((*verdicts)[i].kept) (*verdicts)[i] = verdict;
      (*weights)[i] = 0;
    }
  };
  const absl::flat_hash_set<const Node*> body(clues.rule_body.begin(),
                                              clues.rule_body.end());
  const absl::flat_hash_set<const Node*> dropped(clues.rule_dropped.begin(),
                                                 clues.rule_dropped.end());
  for (size_t b = 0; b < model.boxes.size(); ++b) {
    const Box& box = model.boxes[b];
    if (body.contains(box.node)) parts.push_back(static_cast<int>(b));
    if (!dropped.contains(box.node)) continue;
    drop(box.first_block, box.end_block,
         {false, "site_rule", "The site's rule file drops it."});
  }
  int behind = 0;
  const Verdict outside = {false, "outside_site_rule",
                           "It stands outside the text by the site's rule."};
  for (const int part : parts) {
    const Box& box = model.boxes[static_cast<size_t>(part)];
    drop(behind, std::max(behind, box.first_block), outside);
    behind = std::max(behind, box.end_block);
  }
  if (!parts.empty()) {
    drop(behind, static_cast<int>(model.blocks.size()), outside);
  }
  return parts;
}

// One try. Without trust in names only what is hidden goes by its name.
Selection Try(const PageModel& model, const BodyClues& clues,
              const std::vector<double>& all_weights, bool trust_names) {
  Selection selection;
  selection.verdicts.resize(model.blocks.size());
  std::vector<double> weights = all_weights;
  const std::vector<int> parts =
      ObeyRule(model, clues, &weights, &selection.verdicts);
  selection.by_rule = !parts.empty();
  DropLiveEntries(model, clues, &weights, &selection.verdicts);
  DropNamedParts(model, clues, trust_names, &weights, &selection.verdicts);
  LightenRows(model, &weights);
  selection.container =
      selection.by_rule ? CommonBox(model, parts)
                        : ChooseWith(model, weights, selection.verdicts, clues);
  FilterBlocks(model, weights, clues, &selection);
  if (!selection.by_rule) RescueLead(model, clues, &selection);
  selection.weights = std::move(weights);
  return selection;
}

}  // namespace

double KeptWords(const PageModel& model, const Selection& selection) {
  double words = 0;
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    if (selection.verdicts[i].kept) words += model.blocks[i].words;
  }
  return words;
}

Selection SelectBody(const PageModel& model, const BodyClues& clues) {
  constexpr double kFewWords = 60;
  const std::vector<double> weights = ContentWeights(model);
  Selection selection = Try(model, clues, weights, /*trust_names=*/true);
  const double words = KeptWords(model, selection);
  if (selection.by_rule && words == 0) {
    BodyClues others = clues;
    others.rule_body.clear();
    return SelectBody(model, others);
  }
  if (words >= kFewWords || !clues.live_entries.empty()) return selection;
  Selection second = Try(model, clues, weights, /*trust_names=*/false);
  const double second_words = KeptWords(model, second);
  if (second_words > 2 * words + 20) return second;
  if (words > 0 || !clues.live_updates.empty()) return selection;
  return SelectShortText(model, clues);
}

}  // namespace dateline
