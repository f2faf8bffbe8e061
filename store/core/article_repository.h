#ifndef DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_
#define DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/article_store_service.pb.h"
#include "store/core/article_change.h"
#include "store/core/search_query.h"

namespace dateline::store {

// Records of `articles`, with how far they take their partitions.
struct ArticleBatch {
  // In the order of each partition.
  std::vector<ArticleChange> changes = {};
  // Behind the last record of each partition that was read, those included that
  // made no change because they could not be decoded.
  std::vector<kafka::Position> positions = {};
};

// How many changes ended in which way.
struct ApplyCounts {
  int64_t stored = 0;
  int64_t seen_again = 0;
  int64_t stale = 0;
  int64_t deleted = 0;

  void Add(ChangeResult result);
  bool operator==(const ApplyCounts&) const = default;
};

struct StoredArticle {
  v1::Article article = {};
  v1::ArticleHistory history = {};
};

// A cursor is the engine's own text for "behind this item"; empty stands for
// the beginning as an input and for "that was all" as an output.
struct ListQuery {
  int limit = 0;
  std::string cursor = {};
};

struct ArticlePage {
  std::vector<v1::Article> articles = {};
  std::string next_cursor = {};
};

struct SearchQuery {
  std::vector<SearchTerm> terms = {};
  int limit = 0;
  std::string cursor = {};
};

struct FoundArticle {
  v1::Article article = {};
  // BM25 with the headline weighted over the body; higher is better.
  double score = 0;
  // Around the words found, each between U+2068 and U+2069.
  std::string snippet = {};
};

struct FoundPage {
  std::vector<FoundArticle> articles = {};
  std::string next_cursor = {};
};

// The articles seen so far, by uid, and how far the topic was read to see them.
// tests/store/article_repository_contract.h holds every engine to this.
//
// Errors of all calls: kUnavailable and kResourceExhausted can be tried again
// (an engine that is away or locked; a full disk); kDataLoss means that what is
// stored is damaged; kFailedPrecondition and kPermissionDenied need a person.
//
// Apply has one caller at a time. The reading calls may run on any number of
// threads, at the same time as Apply, and each sees a batch as a whole or not
// at all.
class ArticleRepository {
 public:
  virtual ~ArticleRepository() = default;

  // Stores the changes, by the rule of Decide, and the positions: all or
  // nothing, for good when it returns OK. Changes before the position stored
  // for their partition are left out, so that applying a batch again changes
  // nothing, and counts nothing.
  virtual absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) = 0;

  // What Apply stored last for each partition.
  virtual absl::StatusOr<std::vector<kafka::Position>> Positions() const = 0;

  // kNotFound, naming the uid, where there is none.
  virtual absl::StatusOr<StoredArticle> Get(absl::string_view uid) const = 0;

  // By publish time, latest first, those without one last; of the same time by
  // uid, descending. Neither gap nor repeat over the pages for what is stored
  // throughout. kInvalidArgument where the cursor is none of this engine's.
  virtual absl::StatusOr<ArticlePage> List(const ListQuery& query) const = 0;

  // Articles that have all terms, best first. Scores move when articles come
  // in, so that only while none does are the pages without gap and repeat.
  virtual absl::StatusOr<FoundPage> Search(const SearchQuery& query) const = 0;

  // How many articles there are.
  virtual absl::StatusOr<int64_t> Count() const = 0;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ARTICLE_REPOSITORY_H_
