#include "parser/explain/rule_count.h"

#include <map>
#include <tuple>
#include <utility>

#include "absl/algorithm/container.h"

namespace dateline::explain {

int RuleCounts::IndexOf(const v1::BlockExplanation& block) const {
  for (size_t i = 0; i < rules.size(); ++i) {
    if (rules[i].kept == block.kept() && rules[i].rule == block.rule()) {
      return static_cast<int>(i);
    }
  }
  return -1;
}

RuleCounts CountRules(const v1::Explanation& explanation) {
  RuleCounts counts;
  std::map<std::pair<bool, std::string>, RuleCount> by_rule;
  for (const v1::BlockExplanation& block : explanation.blocks()) {
    ++(block.kept() ? counts.kept : counts.dropped);
    RuleCount& count = by_rule[{block.kept(), block.rule()}];
    if (count.blocks++ == 0) {
      count.rule = block.rule();
      count.kept = block.kept();
      count.reason = block.reason();
    }
  }
  for (auto& [key, count] : by_rule) counts.rules.push_back(std::move(count));
  absl::c_sort(counts.rules, [](const RuleCount& a, const RuleCount& b) {
    return std::tuple(!a.kept, -a.blocks, a.rule) <
           std::tuple(!b.kept, -b.blocks, b.rule);
  });
  return counts;
}

}  // namespace dateline::explain
