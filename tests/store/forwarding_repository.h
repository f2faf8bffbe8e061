#ifndef DATELINE_TESTS_STORE_FORWARDING_REPOSITORY_H_
#define DATELINE_TESTS_STORE_FORWARDING_REPOSITORY_H_

#include <memory>
#include <string>
#include <vector>

#include "store/core/article_repository.h"

namespace dateline::store {

// Hands every call on, for tests that observe or fail some of them.
class ForwardingRepository : public ArticleRepository {
 public:
  // `target` must outlive this object.
  explicit ForwardingRepository(ArticleRepository& target) : target_(target) {}

  absl::StatusOr<ApplyCounts> Apply(const ArticleBatch& batch) override {
    return target_.Apply(batch);
  }
  absl::StatusOr<std::vector<kafka::Position>> Positions() const override {
    return target_.Positions();
  }
  absl::StatusOr<int64_t> DeleteOldest(int64_t fetched_before_us,
                                       int limit) override {
    return target_.DeleteOldest(fetched_before_us, limit);
  }
  absl::StatusOr<StoredArticle> Get(
      absl::string_view uid,
      const google::protobuf::FieldMask& read_mask) const override {
    return target_.Get(uid, read_mask);
  }
  absl::StatusOr<std::vector<v1::Article>> BatchGet(
      const std::vector<std::string>& uids,
      const google::protobuf::FieldMask& read_mask) const override {
    return target_.BatchGet(uids, read_mask);
  }
  absl::StatusOr<ArticlePage> List(const ListQuery& query) const override {
    return target_.List(query);
  }
  absl::StatusOr<FoundPage> Search(const SearchQuery& query) const override {
    return target_.Search(query);
  }
  absl::StatusOr<v1::AggregateArticlesResponse> Aggregate(
      const AggregateQuery& query) const override {
    return target_.Aggregate(query);
  }
  absl::StatusOr<RevisionPage> ListRevisions(
      const RevisionQuery& query) const override {
    return target_.ListRevisions(query);
  }
  absl::StatusOr<StoryPage> ListStories(
      const StoryQuery& query) const override {
    return target_.ListStories(query);
  }
  absl::StatusOr<v1::Story> GetStory(absl::string_view uid) const override {
    return target_.GetStory(uid);
  }
  absl::StatusOr<std::unique_ptr<ArticleScan>> Scan(
      const ScanQuery& query) const override {
    return target_.Scan(query);
  }
  absl::StatusOr<Usage> MeasureUsage() const override {
    return target_.MeasureUsage();
  }
  absl::StatusOr<int64_t> Count() const override { return target_.Count(); }

 private:
  ArticleRepository& target_;
};

}  // namespace dateline::store

#endif  // DATELINE_TESTS_STORE_FORWARDING_REPOSITORY_H_
