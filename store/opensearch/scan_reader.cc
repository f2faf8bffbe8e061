#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "store/opensearch/article_reader.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr int kHitsAtATime = 200;

class ViewScan final : public ArticleScan {
 public:
  ViewScan(const ArticleIndex& index, std::string view, const ScanQuery& query)
      : index_(index),
        view_(std::move(view)),
        read_mask_(query.read_mask),
        body_({{"query", SelectionQuery({.filter = query.filter})},
               {"sort", Json::array({{{field::kUid, "asc"}}})},
               {"_source", {field::kArticle}},
               {"size", kHitsAtATime},
               {"track_total_hits", true},
               {"pit", ArticleIndex::View(view_)}}) {}
  ~ViewScan() override { index_.CloseView(view_); }

  int64_t total() const override { return total_; }

  // The first hits, and how many there are.
  absl::Status Begin() {
    absl::StatusOr<Json> answer = Fetch();
    if (!answer.ok()) return answer.status();
    total_ = answer->at("hits").at("total").at("value").get<int64_t>();
    body_["track_total_hits"] = false;
    return absl::OkStatus();
  }

  absl::StatusOr<std::vector<v1::Article>> Next(size_t max_bytes) override {
    return Guarded([&] { return Take(max_bytes); });
  }

 private:
  absl::StatusOr<std::vector<v1::Article>> Take(size_t max_bytes) {
    std::vector<v1::Article> articles;
    size_t bytes = 0;
    while (true) {
      if (ready_.empty() && !at_end_) {
        if (absl::Status status = Fetch().status(); !status.ok()) return status;
      }
      if (ready_.empty()) return articles;
      bytes += ready_.front().ByteSizeLong();
      if (!articles.empty() && bytes > max_bytes) return articles;
      articles.push_back(std::move(ready_.front()));
      ready_.pop_front();
    }
  }

  absl::StatusOr<Json> Fetch() {
    absl::StatusOr<Json> answer = index_.Search(body_);
    if (!answer.ok()) return answer;
    const Json& hits = answer->at("hits").at("hits");
    for (const Json& hit : hits) {
      absl::StatusOr<v1::Article> article = ArticleOf(hit, read_mask_);
      if (!article.ok()) return article.status();
      ready_.push_back(*std::move(article));
    }
    at_end_ = hits.size() < static_cast<size_t>(kHitsAtATime);
    if (!at_end_) body_["search_after"] = hits.back().at("sort");
    return answer;
  }

  const ArticleIndex& index_;
  const std::string view_;
  const google::protobuf::FieldMask read_mask_;
  Json body_;
  int64_t total_ = 0;
  bool at_end_ = false;
  std::deque<v1::Article> ready_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ArticleScan>> ScanArticles(
    const ArticleIndex& index, const ScanQuery& query) {
  absl::StatusOr<std::string> view = index.OpenView();
  if (!view.ok()) return view.status();
  auto scan = std::make_unique<ViewScan>(index, *std::move(view), query);
  if (absl::Status status = scan->Begin(); !status.ok()) return status;
  return scan;
}

}  // namespace dateline::store
