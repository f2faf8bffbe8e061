#include "store/opensearch/opensearch_repository.h"

#include <utility>

#include "store/opensearch/article_reader.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/story_reader.h"

namespace dateline::store {
namespace {

// `call` on an index that is there.
template <typename Call>
auto On(ArticleIndex& index, Call call) -> decltype(call()) {
  return Guarded([&]() -> decltype(call()) {
    if (absl::Status status = index.Prepare(); !status.ok()) return status;
    return call();
  });
}

}  // namespace

absl::StatusOr<std::unique_ptr<OpenSearchRepository>>
OpenSearchRepository::Open(const OpenSearchRepositoryOptions& options) {
  absl::StatusOr<std::unique_ptr<OpenSearchClient>> client =
      OpenSearchClient::Create(options.client);
  if (!client.ok()) return client.status();
  const std::shared_ptr<const OpenSearchClient> shared = *std::move(client);
  return std::unique_ptr<OpenSearchRepository>(new OpenSearchRepository(
      shared,
      std::make_unique<ArticleIndex>(*shared, options.index, options.shards)));
}

OpenSearchRepository::OpenSearchRepository(
    std::shared_ptr<const OpenSearchClient> client,
    std::unique_ptr<ArticleIndex> index)
    : client_(std::move(client)),
      made_(std::move(index)),
      index_(*made_),
      writer_(index_) {}

class OpenSearchRepository::IndexRebuild final : public Rebuild {
 public:
  IndexRebuild(ArticleIndex& served,
               std::shared_ptr<const OpenSearchClient> client,
               std::unique_ptr<ArticleIndex> next)
      : served_(served), next_(std::move(client), std::move(next)) {}

  ArticleRepository& repository() override { return next_; }

  absl::Status SwitchOver() override {
    return Guarded([this] { return served_.MoveTo(next_.index_); });
  }

 private:
  const ArticleIndex& served_;
  OpenSearchRepository next_;
};

absl::StatusOr<std::unique_ptr<Rebuild>> OpenSearchRepository::StartRebuild() {
  return On(index_, [&]() -> absl::StatusOr<std::unique_ptr<Rebuild>> {
    absl::StatusOr<std::unique_ptr<ArticleIndex>> next = index_.MakeNext();
    if (!next.ok()) return next.status();
    return std::make_unique<IndexRebuild>(index_, client_, *std::move(next));
  });
}

absl::StatusOr<ApplyCounts> OpenSearchRepository::Apply(
    const ArticleBatch& batch) {
  return On(index_, [&] { return writer_.Apply(batch); });
}

absl::StatusOr<std::vector<kafka::Position>> OpenSearchRepository::Positions()
    const {
  return On(index_, [&] { return ReadPositions(index_); });
}

absl::StatusOr<int64_t> OpenSearchRepository::DeleteOldest(
    int64_t fetched_before_us, int limit) {
  return On(index_,
            [&] { return writer_.DeleteOldest(fetched_before_us, limit); });
}

absl::StatusOr<StoredArticle> OpenSearchRepository::Get(
    absl::string_view uid, const google::protobuf::FieldMask& read_mask) const {
  return On(index_, [&] { return ReadArticle(index_, uid, read_mask); });
}

absl::StatusOr<std::vector<v1::Article>> OpenSearchRepository::BatchGet(
    const std::vector<std::string>& uids,
    const google::protobuf::FieldMask& read_mask) const {
  return On(index_, [&] { return ReadArticles(index_, uids, read_mask); });
}

absl::StatusOr<ArticlePage> OpenSearchRepository::List(
    const ListQuery& query) const {
  return On(index_, [&] { return ListArticles(index_, query); });
}

absl::StatusOr<FoundPage> OpenSearchRepository::Search(
    const SearchQuery& query) const {
  return On(index_, [&] { return SearchArticles(index_, query); });
}

absl::StatusOr<v1::AggregateArticlesResponse> OpenSearchRepository::Aggregate(
    const AggregateQuery& query) const {
  return On(index_, [&] { return AggregateArticles(index_, query); });
}

absl::StatusOr<RevisionPage> OpenSearchRepository::ListRevisions(
    const RevisionQuery& query) const {
  return On(index_,
            [&] { return ::dateline::store::ListRevisions(index_, query); });
}

absl::StatusOr<StoryPage> OpenSearchRepository::ListStories(
    const StoryQuery& query) const {
  return On(index_,
            [&] { return ::dateline::store::ListStories(index_, query); });
}

absl::StatusOr<v1::Story> OpenSearchRepository::GetStory(
    absl::string_view uid) const {
  return On(index_, [&] { return ReadStory(index_, uid); });
}

absl::StatusOr<std::unique_ptr<ArticleScan>> OpenSearchRepository::Scan(
    const ScanQuery& query) const {
  return On(index_, [&] { return ScanArticles(index_, query); });
}

absl::StatusOr<Usage> OpenSearchRepository::MeasureUsage() const {
  return On(index_, [&]() -> absl::StatusOr<Usage> {
    const absl::StatusOr<int64_t> articles = CountArticles(index_);
    if (!articles.ok()) return articles.status();
    const absl::StatusOr<int64_t> size = index_.SizeBytes();
    if (!size.ok()) return size.status();
    return Usage{.articles = *articles, .size_bytes = *size};
  });
}

absl::StatusOr<int64_t> OpenSearchRepository::Count() const {
  return On(index_, [&] { return CountArticles(index_); });
}

}  // namespace dateline::store
