#include "parser/core/rules/site_rules.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/url.h"
#include "parser/core/rules/rule_file.h"

namespace dateline {
namespace {

constexpr size_t kMostErrors = 10;

}  // namespace

absl::StatusOr<SiteRules> SiteRules::Compile(
    const std::vector<RuleFile>& files) {
  SiteRules rules;
  std::vector<std::string> errors;
  for (const RuleFile& file : files) {
    auto rule = std::make_unique<CompiledRule>(ReadRuleFile(file, &errors));
    for (const RuleDomain& domain : rule->domains) {
      const auto [it, is_new] =
          rules.by_domain_.emplace(domain.name, rule.get());
      if (is_new) continue;
      errors.push_back(absl::StrCat(domain.place, ": domains: \"", domain.name,
                                    "\" is named twice, first by ",
                                    it->second->file));
    }
    rules.rules_.push_back(std::move(rule));
  }
  if (errors.empty()) return rules;
  const size_t more = errors.size() - std::min(errors.size(), kMostErrors);
  errors.resize(errors.size() - more);
  std::string message = absl::StrJoin(errors, "; ");
  if (more > 0) absl::StrAppend(&message, "; and ", more, " more");
  return absl::InvalidArgumentError(message);
}

const CompiledRule* SiteRules::For(absl::string_view url) const {
  if (by_domain_.empty()) return nullptr;
  const absl::StatusOr<Url> parsed = ParseUrl(url);
  if (!parsed.ok()) return nullptr;
  absl::string_view domain = parsed->host;
  while (!domain.empty()) {
    const auto it = by_domain_.find(domain);
    if (it != by_domain_.end()) return it->second;
    const size_t dot = domain.find('.');
    if (dot == absl::string_view::npos) break;
    domain.remove_prefix(dot + 1);
  }
  return nullptr;
}

}  // namespace dateline
