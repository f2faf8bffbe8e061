#include "parser/ledger/latest_articles.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/framing/value_frame.h"
#include "google/protobuf/util/time_util.h"

namespace dateline {

ArticleState StateOf(const v1::Article& article) {
  return {article.version(),
          google::protobuf::util::TimeUtil::TimestampToMicroseconds(
              article.parse_time()),
          article.content_sha256()};
}

void LatestArticles::Apply(const kafka::Record& record) {
  if (!record.value.has_value()) {
    articles_.erase(record.key);
    return;
  }
  v1::Article article;
  if (!ParseValue(*record.value, &article) || article.uid() != record.key) {
    return;
  }
  ArticleState state = StateOf(article);
  const auto [known, is_new] = articles_.emplace(record.key, state);
  if (!is_new && std::pair(state.version, state.parsed) >
                     std::pair(known->second.version, known->second.parsed)) {
    known->second = std::move(state);
  }
}

std::vector<std::string> LatestArticles::DifferencesFrom(
    const std::unordered_map<std::string, ArticleState>& stored) const {
  std::vector<std::string> differences;
  for (const auto& [uid, state] : articles_) {
    const auto found = stored.find(uid);
    if (found == stored.end()) {
      differences.push_back(absl::StrCat(uid, " is not in the store"));
    } else if (found->second.version != state.version) {
      differences.push_back(
          absl::StrCat(uid, " has version ", found->second.version,
                       " in the store, ", state.version, " by the topic"));
    } else if (found->second.content_sha256 != state.content_sha256) {
      differences.push_back(
          absl::StrCat(uid, " has another text in the store"));
    }
  }
  for (const auto& [uid, state] : stored) {
    if (articles_.count(uid) == 0) {
      differences.push_back(absl::StrCat(uid, " is in the store only"));
    }
  }
  std::sort(differences.begin(), differences.end());
  return differences;
}

}  // namespace dateline
