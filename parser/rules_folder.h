#ifndef DATELINE_PARSER_RULES_FOLDER_H_
#define DATELINE_PARSER_RULES_FOLDER_H_

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

// Reads and compiles every file in `folder` (not below it) whose name ends in
// ".textproto", in the order of their names. kNotFound: no such folder.
// kUnavailable: a file can't be read. kInvalidArgument: as SiteRules::Compile.
absl::StatusOr<SiteRules> ReadRulesFolder(const std::string& folder);

// The same of the folder that --rules_dir names; no rules where it is empty.
// Whoever links this has the flag.
absl::StatusOr<SiteRules> SiteRulesFromFlags();

// The files alone, not compiled.
absl::StatusOr<std::vector<RuleFile>> RuleFilesFromFlags();

}  // namespace dateline

#endif  // DATELINE_PARSER_RULES_FOLDER_H_
