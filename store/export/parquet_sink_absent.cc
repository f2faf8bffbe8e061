// What stands for parquet_sink.cc where Arrow is not there.

#include "store/export/article_sink.h"

namespace dateline::store {

absl::StatusOr<std::unique_ptr<ArticleSink>> NewParquetSink(
    const std::string&) {
  return absl::UnimplementedError(
      "this dateline-export was built without Arrow and can't write Parquet; "
      "deploy/local/install brings Arrow");
}

}  // namespace dateline::store
