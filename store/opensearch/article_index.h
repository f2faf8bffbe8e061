#ifndef DATELINE_STORE_OPENSEARCH_ARTICLE_INDEX_H_
#define DATELINE_STORE_OPENSEARCH_ARTICLE_INDEX_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "nlohmann/json.hpp"
#include "store/opensearch/client.h"

namespace dateline::store {

// Which revision of a document a write must come behind.
struct SeenRevision {
  int64_t seq_no = 0;
  int64_t primary_term = 0;
};

// A write to one document.
struct BulkOperation {
  // `_id`.
  std::string id = {};
  // The two lines of `_bulk`, or one for a deletion.
  std::string lines = {};
};

// Replaces the document. Takes effect only where `version` is greater than the
// stored document's.
BulkOperation IndexOperation(const std::string& id, int64_t version,
                             const nlohmann::json& document);
// Sets some fields; null takes one away. Only where `seen` is the latest.
BulkOperation UpdateOperation(const std::string& id, const SeenRevision& seen,
                              const nlohmann::json& fields);
BulkOperation DeleteOperation(const std::string& id, const SeenRevision& seen);

struct BulkOutcome {
  // kAborted where another write came first.
  absl::Status status = absl::OkStatus();
  // Where OK.
  SeenRevision now = {};
};

// The index of the articles. It has two names: the one it was made under,
// NAME-1, NAME-2 and so on, and an alias, NAME, that moves to the next one when
// the articles were indexed anew. Thread-safe.
//
// Errors are ArticleRepository's; that the index isn't there is kUnavailable,
// since the next call makes it.
class ArticleIndex {
 public:
  // `client` must outlive this. `name` is the alias.
  ArticleIndex(const OpenSearchClient& client, std::string name, int shards);

  // The next index, new and empty, by the name that it was made under. What was
  // there by that name is deleted.
  absl::StatusOr<std::unique_ptr<ArticleIndex>> MakeNext() const;

  // Moves the alias to `next`, which MakeNext made, and deletes the index that
  // had it, both at once.
  absl::Status MoveTo(const ArticleIndex& next) const;

  // Makes template, index and alias where they are missing. Asks only once, so
  // that it can be called before everything else. kFailedPrecondition where the
  // index is of another version of Dateline, or something else has the name.
  absl::Status Prepare();

  // `_search`. A part of the articles is never taken for all of them. Searches
  // of the same `preference`, if any, are answered by the same copies.
  absl::StatusOr<nlohmann::json> Search(
      const nlohmann::json& body, const std::string& preference = "") const;

  // Calls `take` with each hit of `body`, which has `query` and `sort`, from
  // behind the sort values `after` (null: from the first) on, until it returns
  // false or an error.
  absl::Status ForEachHit(
      nlohmann::json body, nlohmann::json after, int hits_at_a_time,
      const std::function<absl::StatusOr<bool>(const nlohmann::json&)>& take,
      const std::string& preference = "") const;

  // Documents in the order of `ids`, with `found`, `_version` and the `fields`
  // of their `_source`. `latest`: with what no refresh has shown yet.
  absl::StatusOr<std::vector<nlohmann::json>> Get(
      const std::vector<std::string>& ids,
      const std::vector<std::string>& fields, bool latest) const;

  // In order of the operations, each of which stands for itself. An error where
  // the whole failed or, first of all, one for another reason than kAborted.
  absl::StatusOr<std::vector<BulkOutcome>> Bulk(
      const std::vector<BulkOperation>& operations) const;

  absl::Status DeleteByQuery(const nlohmann::json& query) const;

  // Shows to searches what was written before.
  absl::Status Refresh() const;

  absl::StatusOr<int64_t> SizeBytes() const;

  // A view of the index as it is now, for the `pit` of a search; kept for
  // kViewKept after each use.
  absl::StatusOr<std::string> OpenView() const;
  void CloseView(const std::string& id) const;
  static nlohmann::json View(const std::string& id);

 private:
  absl::Status Make();
  absl::Status PutTemplate() const;
  // The name that the index was made under.
  absl::StatusOr<std::string> MadeAs() const;
  absl::Status CheckSchema(const nlohmann::json& mappings) const;
  // Of a call on the index's name.
  absl::Status Seen(absl::Status status) const;
  absl::Status AppendOutcomes(const std::string& lines,
                              std::vector<BulkOutcome>& outcomes) const;

  const OpenSearchClient& client_;
  const std::string name_;
  const int shards_;
  bool is_alias_ = true;
  absl::Mutex making_;
  mutable std::atomic<bool> ready_ = false;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_ARTICLE_INDEX_H_
