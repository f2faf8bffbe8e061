#ifndef DATELINE_STORE_EXPORT_ARTICLE_COLUMNS_H_
#define DATELINE_STORE_EXPORT_ARTICLE_COLUMNS_H_

#include <memory>

#include "arrow/record_batch.h"
#include "arrow/result.h"
#include "arrow/status.h"
#include "arrow/type_fwd.h"
#include "dateline/v1/article.pb.h"

namespace arrow {
class RecordBatchBuilder;
}  // namespace arrow

namespace dateline::store {

// Articles as columns: texts, times (microseconds, UTC), lists of names,
// numbers; `body` is the plain text, and what has more structure (`blocks`,
// `images`, `links`, `live_updates`, `evidence`, `warnings`) is a JSON array as
// text. What an article doesn't have is null, an empty list where it is a list
// of names. Enums are their names without prefix: "NEWS".
class ArticleColumns {
 public:
  static arrow::Result<std::unique_ptr<ArticleColumns>> Make();
  static std::shared_ptr<arrow::Schema> Schema();
  ~ArticleColumns();

  arrow::Status Append(const v1::Article& article);
  // The rows since the last call.
  arrow::Result<std::shared_ptr<arrow::RecordBatch>> Flush();

 private:
  explicit ArticleColumns(std::unique_ptr<arrow::RecordBatchBuilder> builder);

  const std::unique_ptr<arrow::RecordBatchBuilder> builder_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_ARTICLE_COLUMNS_H_
