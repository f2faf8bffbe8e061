#ifndef DATELINE_PARSER_CORE_RULES_RULE_FILE_H_
#define DATELINE_PARSER_CORE_RULES_RULE_FILE_H_

#include <string>
#include <vector>

#include "parser/core/rules/site_rules.h"

namespace dateline {

// Reads and compiles one rule file. Adds what is wrong with it to `errors`,
// each as "FILE:LINE:COLUMN: what", lines and columns from 1.
CompiledRule ReadRuleFile(const RuleFile& file,
                          std::vector<std::string>* errors);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_RULES_RULE_FILE_H_
