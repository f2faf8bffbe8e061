#ifndef DATELINE_PARSER_LEDGER_LATEST_ARTICLES_H_
#define DATELINE_PARSER_LEDGER_LATEST_ARTICLES_H_

#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"

namespace dateline {

// What a store must have of an article once it has read the topic.
struct ArticleState {
  int64_t version = 0;
  // When it was parsed, in microseconds; the later of one version counts.
  int64_t parsed = 0;
  std::string content_sha256;
};

// The articles that the topic's records leave, in about 200 bytes each: the
// highest version of each uid, the later reading of one version, none where a
// tombstone came behind. Records that are no articles are passed over.
class LatestArticles {
 public:
  void Apply(const kafka::Record& record);

  // Sentences on where `stored`, uids with their articles, differs.
  std::vector<std::string> DifferencesFrom(
      const std::unordered_map<std::string, ArticleState>& stored) const;

 private:
  std::unordered_map<std::string, ArticleState> articles_;
};

ArticleState StateOf(const v1::Article& article);

}  // namespace dateline

#endif  // DATELINE_PARSER_LEDGER_LATEST_ARTICLES_H_
