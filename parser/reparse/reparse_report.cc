#include "parser/reparse/reparse_report.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "nlohmann/json.hpp"

namespace dateline {
namespace {

using Json = nlohmann::ordered_json;

constexpr size_t kShownSites = 20;

constexpr ReparseResult kResults[] = {
    ReparseResult::kUnchanged,  ReparseResult::kChanged,
    ReparseResult::kGained,     ReparseResult::kLost,
    ReparseResult::kSuperseded, ReparseResult::kTakenBack,
    ReparseResult::kNoArticle};

std::vector<std::pair<std::string, int64_t>> Sorted(
    const std::map<std::string, int64_t>& counts) {
  std::vector<std::pair<std::string, int64_t>> sorted(counts.begin(),
                                                      counts.end());
  std::stable_sort(
      sorted.begin(), sorted.end(),
      [](const auto& a, const auto& b) { return a.second > b.second; });
  return sorted;
}

Json Results(const std::map<ReparseResult, int64_t>& results) {
  Json json = Json::object();
  for (const ReparseResult result : kResults) {
    const auto found = results.find(result);
    if (found != results.end()) json[ReparseWord(result)] = found->second;
  }
  return json;
}

}  // namespace

std::string ReparseWord(ReparseResult result) {
  switch (result) {
    case ReparseResult::kUnchanged:
      return "unchanged";
    case ReparseResult::kChanged:
      return "changed";
    case ReparseResult::kGained:
      return "gained";
    case ReparseResult::kSuperseded:
      return "superseded";
    case ReparseResult::kTakenBack:
      return "taken_back";
    case ReparseResult::kLost:
      return "lost";
    case ReparseResult::kNoArticle:
      return "no_article";
  }
  return "unknown";
}

void ReparseReport::Count(const std::string& site, ReparseResult result,
                          const std::vector<std::string>& changed) {
  ++pages_;
  const bool is_known = sites_.count(site) > 0 || sites_.size() < kMaxSites;
  for (Site* counts : {&all_, &sites_[is_known ? site : "other"]}) {
    ++counts->results[result];
    for (const std::string& field : changed) ++counts->fields[field];
  }
}

void ReparseReport::CountLeftOut(const std::string& why, int64_t count) {
  if (count > 0) left_out_[why] += count;
}

int64_t ReparseReport::Of(ReparseResult result) const {
  const auto found = all_.results.find(result);
  return found == all_.results.end() ? 0 : found->second;
}

std::string ReparseReport::ToText() const {
  std::string text = absl::StrCat(pages_, " pages:");
  for (const ReparseResult result : kResults) {
    absl::StrAppend(&text, " ", Of(result), " ", ReparseWord(result),
                    result == kResults[std::size(kResults) - 1] ? "\n" : ",");
  }
  if (uncovered_ > 0) {
    absl::StrAppend(&text, uncovered_,
                    " articles and takedowns were hidden by records that "
                    "should not, and are written again\n");
  }
  for (const auto& [why, count] : Sorted(left_out_)) {
    absl::StrAppend(&text, "left out: ", count, " ", why, "\n");
  }
  for (const auto& [field, count] : Sorted(all_.fields)) {
    absl::StrAppendFormat(&text, "%10d  %s\n", count, field);
  }
  std::map<std::string, int64_t> changed;
  for (const auto& [name, site] : sites_) {
    for (const auto result : {ReparseResult::kChanged, ReparseResult::kGained,
                              ReparseResult::kLost}) {
      const auto found = site.results.find(result);
      if (found != site.results.end()) changed[name] += found->second;
    }
  }
  auto sites = Sorted(changed);
  if (sites.size() > kShownSites) sites.resize(kShownSites);
  for (const auto& [name, count] : sites) {
    std::vector<std::string> fields;
    for (const auto& [field, times] : Sorted(sites_.at(name).fields)) {
      fields.push_back(absl::StrCat(field, " ", times));
    }
    absl::StrAppendFormat(&text, "%10d  %s: %s\n", count, name,
                          absl::StrJoin(fields, ", "));
  }
  return text;
}

std::string ReparseReport::ToJson() const {
  Json sites = Json::object();
  for (const auto& [name, site] : sites_) {
    sites[name] = {{"results", Results(site.results)},
                   {"fields", Json(site.fields)}};
  }
  const Json json = {{"pages", pages_},
                     {"results", Results(all_.results)},
                     {"fields", Json(all_.fields)},
                     {"sites", std::move(sites)},
                     {"uncovered", uncovered_},
                     {"left_out", Json(left_out_)}};
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace dateline
