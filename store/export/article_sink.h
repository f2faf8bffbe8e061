#ifndef DATELINE_STORE_EXPORT_ARTICLE_SINK_H_
#define DATELINE_STORE_EXPORT_ARTICLE_SINK_H_

#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "dateline/v1/article.pb.h"

namespace dateline::store {

// A file of articles being written. Errors name the file; after one there is
// nothing to do but to give up. The file is whole once Finish returned OK.
class ArticleSink {
 public:
  virtual ~ArticleSink() = default;

  virtual absl::Status Add(const v1::Article& article) = 0;
  // Last call: writes out what is held back.
  virtual absl::Status Finish() = 0;
};

// One article a line, as Protobuf's JSON with the names of article.proto.
// `path` "-" is standard output.
absl::StatusOr<std::unique_ptr<ArticleSink>> NewJsonLinesSink(
    const std::string& path);

// Parquet with the columns of article_columns.h, zstd, in row groups.
// kUnimplemented where Dateline was built without Arrow.
absl::StatusOr<std::unique_ptr<ArticleSink>> NewParquetSink(
    const std::string& path);

}  // namespace dateline::store

#endif  // DATELINE_STORE_EXPORT_ARTICLE_SINK_H_
