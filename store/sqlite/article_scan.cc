#include "store/sqlite/article_scan.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "store/core/read_mask.h"
#include "store/core/serialized_article.h"
#include "store/sqlite/article_filter.h"

namespace dateline::store {
namespace {

class SqliteScan final : public ArticleScan {
 public:
  SqliteScan(std::unique_ptr<Connection> connection, const ScanQuery& query)
      : connection_(std::move(connection)),
        transaction_(*connection_),
        where_(query.filter, 1),
        read_mask_(query.read_mask),
        interrupt_(query.interrupt),
        interruptible_(*connection_, interrupt_) {}

  absl::Status Begin() { return interruptible_.Explain(Prepare()); }

  int64_t total() const override { return total_; }

  absl::StatusOr<std::vector<v1::Article>> Next(size_t max_bytes) override {
    std::vector<v1::Article> articles;
    absl::Status status = interruptible_.Explain(Read(max_bytes, articles));
    if (!status.ok()) return status;
    return articles;
  }

 private:
  absl::Status Prepare() {
    absl::Status status = transaction_.Begin(Transaction::Kind::kRead);
    if (!status.ok()) return status;
    {
      absl::StatusOr<Statement> count = where_.Prepare(
          *connection_,
          absl::StrCat("SELECT count(*) FROM articles WHERE ", where_.sql()));
      if (!count.ok()) return count.status();
      const absl::StatusOr<bool> row = count->Step();
      if (!row.ok()) return row.status();
      total_ = count->Int(0);
    }
    absl::StatusOr<Statement> select = where_.Prepare(
        *connection_, absl::StrCat("SELECT articles.uid, contents.article FROM "
                                   "articles CROSS JOIN contents"
                                   " ON contents.id = articles.id WHERE ",
                                   where_.sql(), " ORDER BY articles.uid"));
    if (!select.ok()) return select.status();
    select_.emplace(*std::move(select));
    return absl::OkStatus();
  }

  absl::Status Read(size_t max_bytes, std::vector<v1::Article>& articles) {
    size_t size_bytes = 0;
    while (!at_end_) {
      if (!ahead_.has_value()) {
        absl::Status status = ReadAhead();
        if (!status.ok()) return status;
        continue;
      }
      size_bytes += ahead_->ByteSizeLong();
      if (!articles.empty() && size_bytes > max_bytes) break;
      articles.push_back(*std::move(ahead_));
      ahead_.reset();
    }
    return absl::OkStatus();
  }

  // Reads the next article, or finds that there is none.
  absl::Status ReadAhead() {
    const absl::StatusOr<bool> row = select_->Step();
    if (!row.ok()) return row.status();
    at_end_ = !*row;
    if (at_end_) return absl::OkStatus();
    // An export without it would seem whole.
    if (!IsSerializedArticle(select_->Bytes(1))) {
      return DamagedArticle(select_->Bytes(0));
    }
    absl::StatusOr<v1::Article> article =
        ParseMasked(select_->Bytes(1), read_mask_);
    if (!article.ok()) return article.status();
    ahead_ = *std::move(article);
    return absl::OkStatus();
  }

  const std::unique_ptr<Connection> connection_;
  Transaction transaction_;
  const ArticleFilter where_;
  const google::protobuf::FieldMask read_mask_;
  const Interrupt interrupt_;
  const Connection::Interruptible interruptible_;
  std::optional<Statement> select_;
  std::optional<v1::Article> ahead_;
  bool at_end_ = false;
  int64_t total_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ArticleScan>> NewScan(
    std::unique_ptr<Connection> connection, const ScanQuery& query) {
  auto scan = std::make_unique<SqliteScan>(std::move(connection), query);
  absl::Status status = scan->Begin();
  if (!status.ok()) return status;
  return scan;
}

}  // namespace dateline::store
