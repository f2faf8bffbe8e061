#ifndef DATELINE_PARSER_CORE_RULES_SITE_RULES_H_
#define DATELINE_PARSER_CORE_RULES_SITE_RULES_H_

#include <memory>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "parser/core/rules/selector.h"

namespace dateline {

// A host a rule is for, and where its file says so: "FILE:LINE:COLUMN".
struct RuleDomain {
  std::string name;
  std::string place;
};

// A v1::SiteRule whose selectors are compiled; see there for the fields.
struct CompiledRule {
  // The file's name, without folder: what evidence cites.
  std::string file;
  std::vector<RuleDomain> domains;
  std::vector<Selector> headline;
  std::vector<Selector> alternative_headline;
  std::vector<Selector> authors;
  std::vector<Selector> publish_time;
  std::vector<Selector> modified_time;
  std::vector<Selector> section;
  std::vector<Selector> body;
  std::vector<Selector> drop;
};

// A rule file as read: its name and its text.
struct RuleFile {
  std::string name;
  std::string text;
};

// The rules of all sites. Never changes; any threads may ask it at once.
class SiteRules {
 public:
  // Compiles v1::SiteRule text-protos. kInvalidArgument names every place that
  // is wrong as "FILE:LINE:COLUMN: what", up to ten, separated by "; ".
  static absl::StatusOr<SiteRules> Compile(const std::vector<RuleFile>& files);

  // The rule for a page received from `url`, that of the longest domain where
  // several fit; nullptr where there is none. Lives as long as this object.
  const CompiledRule* For(absl::string_view url) const;

  size_t size() const { return rules_.size(); }

 private:
  std::vector<std::unique_ptr<const CompiledRule>> rules_;
  absl::flat_hash_map<std::string, const CompiledRule*> by_domain_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_RULES_SITE_RULES_H_
