#ifndef DATELINE_PARSER_EXPLAIN_RULE_COUNT_H_
#define DATELINE_PARSER_EXPLAIN_RULE_COUNT_H_

#include <string>
#include <vector>

#include "dateline/v1/explanation.pb.h"

namespace dateline::explain {

// How many blocks one rule decided, and which way.
struct RuleCount {
  std::string rule;
  bool kept = false;
  int blocks = 0;
  // The reason of the first of them.
  std::string reason;
};

// What became of a page's blocks.
struct RuleCounts {
  int kept = 0;
  int dropped = 0;
  // Rules that kept first, then those that dropped; the most frequent first,
  // then by name.
  std::vector<RuleCount> rules;

  // The place of a block's rule in `rules`; -1 where it isn't there.
  int IndexOf(const v1::BlockExplanation& block) const;
};

RuleCounts CountRules(const v1::Explanation& explanation);

}  // namespace dateline::explain

#endif  // DATELINE_PARSER_EXPLAIN_RULE_COUNT_H_
