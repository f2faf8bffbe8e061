#include "parser/rules_folder.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <system_error>
#include <utility>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"

ABSL_FLAG(std::string, rules_dir, "",
          "Folder of site rules, one .textproto each (dateline.v1.SiteRule); "
          "empty for none");

namespace dateline {
namespace {

namespace fs = std::filesystem;

absl::StatusOr<std::vector<fs::path>> RulePaths(const std::string& folder) {
  std::error_code error;
  fs::directory_iterator entry(folder, error);
  if (error) {
    return absl::NotFoundError(absl::StrCat("can't read the folder of rules ",
                                            folder, ": ", error.message()));
  }
  std::vector<fs::path> paths;
  for (; entry != fs::directory_iterator(); entry.increment(error)) {
    if (error) break;
    if (entry->path().extension() == ".textproto") {
      paths.push_back(entry->path());
    }
  }
  if (error) {
    return absl::UnavailableError(absl::StrCat("can't list the rules in ",
                                               folder, ": ", error.message()));
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

absl::StatusOr<std::vector<RuleFile>> ReadRuleFiles(const std::string& folder) {
  const absl::StatusOr<std::vector<fs::path>> paths = RulePaths(folder);
  if (!paths.ok()) return paths.status();
  std::vector<RuleFile> files;
  for (const fs::path& path : *paths) {
    std::ifstream in(path, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    if (!in) {
      return absl::UnavailableError(
          absl::StrCat("can't read the rule file ", path.string()));
    }
    files.push_back({path.filename().string(), text.str()});
  }
  return files;
}

}  // namespace

absl::StatusOr<SiteRules> ReadRulesFolder(const std::string& folder) {
  const absl::StatusOr<std::vector<RuleFile>> files = ReadRuleFiles(folder);
  if (!files.ok()) return files.status();
  return SiteRules::Compile(*files);
}

absl::StatusOr<std::vector<RuleFile>> RuleFilesFromFlags() {
  const std::string folder = absl::GetFlag(FLAGS_rules_dir);
  if (folder.empty()) return std::vector<RuleFile>();
  return ReadRuleFiles(folder);
}

absl::StatusOr<SiteRules> SiteRulesFromFlags() {
  const absl::StatusOr<std::vector<RuleFile>> files = RuleFilesFromFlags();
  if (!files.ok()) return files.status();
  return SiteRules::Compile(*files);
}

}  // namespace dateline
