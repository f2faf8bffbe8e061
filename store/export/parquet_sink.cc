#include <utility>

#include "absl/strings/str_cat.h"
#include "arrow/io/file.h"
#include "arrow/memory_pool.h"
#include "arrow/record_batch.h"
#include "parquet/arrow/writer.h"
#include "parquet/properties.h"
#include "store/export/article_columns.h"
#include "store/export/article_sink.h"

namespace dateline::store {
namespace {

// Of serialized articles: bounds what is held in memory, and is a good size of
// a row group for readers.
constexpr size_t kRowGroupBytes = size_t{64} << 20;

absl::Status ToAbsl(const std::string& path, const arrow::Status& status) {
  if (status.ok()) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat("writing ", path, ": ", status.message()));
}

class ParquetSink final : public ArticleSink {
 public:
  explicit ParquetSink(std::string path) : path_(std::move(path)) {}

  absl::Status Open() { return ToAbsl(path_, OpenFile()); }

  absl::Status Add(const v1::Article& article) override {
    return ToAbsl(path_, Append(article));
  }

  absl::Status Finish() override { return ToAbsl(path_, Close()); }

 private:
  arrow::Status OpenFile() {
    ARROW_ASSIGN_OR_RAISE(columns_, ArticleColumns::Make());
    ARROW_ASSIGN_OR_RAISE(file_, arrow::io::FileOutputStream::Open(path_));
    const auto properties = parquet::WriterProperties::Builder()
                                .compression(parquet::Compression::ZSTD)
                                ->build();
    const auto arrow_properties =
        parquet::ArrowWriterProperties::Builder().store_schema()->build();
    ARROW_ASSIGN_OR_RAISE(
        writer_, parquet::arrow::FileWriter::Open(
                     *ArticleColumns::Schema(), arrow::default_memory_pool(),
                     file_, properties, arrow_properties));
    return arrow::Status::OK();
  }

  arrow::Status Append(const v1::Article& article) {
    ARROW_RETURN_NOT_OK(columns_->Append(article));
    held_bytes_ += article.ByteSizeLong();
    return held_bytes_ < kRowGroupBytes ? arrow::Status::OK() : WriteRowGroup();
  }

  arrow::Status WriteRowGroup() {
    ARROW_ASSIGN_OR_RAISE(const auto batch, columns_->Flush());
    ARROW_RETURN_NOT_OK(writer_->NewBufferedRowGroup());
    held_bytes_ = 0;
    return writer_->WriteRecordBatch(*batch);
  }

  arrow::Status Close() {
    if (held_bytes_ > 0) ARROW_RETURN_NOT_OK(WriteRowGroup());
    ARROW_RETURN_NOT_OK(writer_->Close());
    return file_->Close();
  }

  const std::string path_;
  std::unique_ptr<ArticleColumns> columns_;
  std::shared_ptr<arrow::io::FileOutputStream> file_;
  std::unique_ptr<parquet::arrow::FileWriter> writer_;
  size_t held_bytes_ = 0;
};

}  // namespace

absl::StatusOr<std::unique_ptr<ArticleSink>> NewParquetSink(
    const std::string& path) {
  auto sink = std::make_unique<ParquetSink>(path);
  absl::Status status = sink->Open();
  if (!status.ok()) return status;
  return sink;
}

}  // namespace dateline::store
