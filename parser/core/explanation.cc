#include "parser/core/explanation.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

// Which share of the block was counted as running text.
float ScoreOf(const TextBlock& block, double weight) {
  if (block.chars == 0) return 0;
  return static_cast<float>(std::min(weight / block.chars, 1.0));
}

}  // namespace

void ExplainBlocks(const PageModel& model, const Selection& selection,
                   const std::vector<int>& places, absl::string_view origin,
                   v1::Explanation* explanation) {
  for (size_t i = 0; i < model.blocks.size(); ++i) {
    const Verdict& verdict = selection.verdicts[i];
    v1::BlockExplanation* out = explanation->add_blocks();
    out->set_text(std::string(TruncateUtf8(model.blocks[i].text, 1000)));
    out->set_path(absl::StrCat(origin, PathOf(model, model.blocks[i].box)));
    SetVerdict(verdict, out);
    out->set_block_index(i < places.size() ? places[i] : -1);
    if (i < selection.weights.size()) {
      out->set_score(ScoreOf(model.blocks[i], selection.weights[i]));
    }
  }
}

void SetVerdict(const Verdict& verdict, v1::BlockExplanation* block) {
  block->set_kept(verdict.kept);
  block->set_rule(std::string(verdict.rule));
  block->set_reason(std::string(verdict.reason));
}

void ExplainAsDropped(absl::string_view rule, absl::string_view reason,
                      v1::Explanation* explanation) {
  for (v1::BlockExplanation& block : *explanation->mutable_blocks()) {
    block.set_block_index(-1);
    if (!block.kept()) continue;
    block.set_kept(false);
    block.set_rule(std::string(rule));
    block.set_reason(std::string(reason));
  }
}

}  // namespace dateline
