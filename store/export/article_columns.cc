#include "store/export/article_columns.h"

#include <cstdint>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/strings/strip.h"
#include "arrow/array/builder_binary.h"
#include "arrow/array/builder_nested.h"
#include "arrow/array/builder_primitive.h"
#include "arrow/table_builder.h"
#include "arrow/type.h"
#include "store/core/article_change.h"
#include "store/core/indexed_text.h"
#include "store/export/article_json.h"

namespace dateline::store {
namespace {

using arrow::ArrayBuilder;
using arrow::Status;
using v1::Article;

struct Column {
  const char* name;
  std::shared_ptr<arrow::DataType> type;
  Status (*append)(const Article& article, ArrayBuilder& builder);
};

// The builders are those of the types that the table below gives.
Status AppendText(ArrayBuilder& builder, absl::string_view text) {
  auto& texts = static_cast<arrow::StringBuilder&>(builder);
  if (text.empty()) return texts.AppendNull();
  return texts.Append(text.data(), static_cast<int32_t>(text.size()));
}

// Column::append for each kind of column; `kGet` takes the value out of an
// article.
template <auto kGet>
Status Text(const Article& article, ArrayBuilder& builder) {
  return AppendText(builder, std::invoke(kGet, article));
}

// `kGet`: the name of an enum's value.
template <auto kGet, const char* kPrefix>
Status Word(const Article& article, ArrayBuilder& builder) {
  const std::string& name = kGet(article);
  const absl::string_view word = absl::StripPrefix(name, kPrefix);
  return AppendText(builder, word == "UNSPECIFIED" ? "" : word);
}

template <auto kGet>
Status Bytes(const Article& article, ArrayBuilder& builder) {
  auto& binaries = static_cast<arrow::BinaryBuilder&>(builder);
  const std::string& bytes = std::invoke(kGet, article);
  return bytes.empty() ? binaries.AppendNull() : binaries.Append(bytes);
}

// `kGet`: null for none.
template <auto kGet>
Status Time(const Article& article, ArrayBuilder& builder) {
  auto& times = static_cast<arrow::TimestampBuilder&>(builder);
  const google::protobuf::Timestamp* time = kGet(article);
  return time == nullptr ? times.AppendNull() : times.Append(ToMicros(*time));
}

// `kGet`: repeated messages.
template <auto kGet>
Status Json(const Article& article, ArrayBuilder& builder) {
  const absl::StatusOr<std::string> json = ToJsonArray(kGet(article));
  if (!json.ok()) return Status::Invalid(std::string(json.status().message()));
  return AppendText(builder, *json);
}

template <typename Builder, auto kGet>
Status Scalar(const Article& article, ArrayBuilder& builder) {
  return static_cast<Builder&>(builder).Append(kGet(article));
}

Status Authors(const Article& article, ArrayBuilder& builder) {
  auto& lists = static_cast<arrow::ListBuilder&>(builder);
  auto& names = static_cast<arrow::StringBuilder&>(*lists.value_builder());
  ARROW_RETURN_NOT_OK(lists.Append());
  for (const v1::Author& author : article.authors()) {
    ARROW_RETURN_NOT_OK(names.Append(author.name()));
  }
  return Status::OK();
}

Status Keywords(const Article& article, ArrayBuilder& builder) {
  auto& lists = static_cast<arrow::ListBuilder&>(builder);
  auto& names = static_cast<arrow::StringBuilder&>(*lists.value_builder());
  ARROW_RETURN_NOT_OK(lists.Append());
  for (const std::string& keyword : article.keywords()) {
    ARROW_RETURN_NOT_OK(names.Append(keyword));
  }
  return Status::OK();
}

Status MinHash(const Article& article, ArrayBuilder& builder) {
  auto& lists = static_cast<arrow::ListBuilder&>(builder);
  auto& values = static_cast<arrow::UInt32Builder&>(*lists.value_builder());
  ARROW_RETURN_NOT_OK(lists.Append());
  return values.AppendValues(article.minhash().data(),
                             article.minhash().size());
}

Status LanguageConfidence(const Article& article, ArrayBuilder& builder) {
  auto& floats = static_cast<arrow::FloatBuilder&>(builder);
  return article.has_language() ? floats.Append(article.language().confidence())
                                : floats.AppendNull();
}

constexpr char kAccess[] = "ACCESS_";
constexpr char kArticleType[] = "ARTICLE_TYPE_";
constexpr char kPrecision[] = "TIME_PRECISION_";

// Of `time`, where there is one.
const google::protobuf::Timestamp* TimeOf(const v1::ArticleTime& time) {
  return time.has_time() ? &time.time() : nullptr;
}

std::vector<Column> TextColumns() {
  const auto text = arrow::utf8();
  return {
      {"uid", text, Text<&Article::uid>}, {"url", text, Text<&Article::url>},
      {"canonical_url", text, Text<&Article::canonical_url>},
      {"requested_url", text, Text<&Article::requested_url>},
      {"publisher_name", text,
       Text<[](const Article& a) { return a.publisher().name(); }>},
      {"publisher_domain", text,
       Text<[](const Article& a) { return a.publisher().domain(); }>},
      {"publisher_country", text,
       Text<[](const Article& a) { return a.publisher().country(); }>},
      {"headline", text, Text<&Article::headline>},
      {"alternative_headline", text, Text<&Article::alternative_headline>},
      {"description", text, Text<&Article::description>},
      {"dateline", text, Text<&Article::dateline>},
      {"section", text, Text<&Article::section>},
      {"language", text,
       Text<[](const Article& a) { return a.language().tag(); }>},
      {"body", text, Text<&PlainText>},
      {"source", text,
       Text<[](const Article& a) { return a.provenance().source(); }>},
      {"extractor_version", text, Text<[](const Article& a) {
         return a.provenance().extractor_version();
       }>},
      {"access", text,
       Word < [](const Article& a) -> auto& {return v1::Access_Name(a.access());
}
, kAccess >
}  // namespace
, {"article_type", text, Word < [
   ](const Article& a) -> auto& {return v1::ArticleType_Name(a.article_type());
}  // namespace dateline::store
, kArticleType >
}
, {"publish_time_precision", text,
   Word < [](const Article& a) -> auto& {return v1::TimePrecision_Name(
                                   a.publish_time().precision());
}
, kPrecision >
}
,
}
;
}

std::vector<Column> TimeColumns() {
  const auto time = arrow::timestamp(arrow::TimeUnit::MICRO, "UTC");
  return {
      {"publish_time", time,
       Time<[](const Article& a) { return TimeOf(a.publish_time()); }>},
      {"modified_time", time,
       Time<[](const Article& a) { return TimeOf(a.modified_time()); }>},
      {"fetch_time", time, Time<[](const Article& a) {
         return a.has_fetch_time() ? &a.fetch_time() : nullptr;
       }>},
      {"parse_time", time, Time<[](const Article& a) {
         return a.has_parse_time() ? &a.parse_time() : nullptr;
       }>},
  };
}

std::vector<Column> JsonColumns() {
  const auto text = arrow::utf8();
  return {
      {"blocks", text, Json < [](const Article& a) -> auto& {return a.body();
}
>
}
, {"images", text, Json < [](const Article& a) -> auto& {return a.images();
}
>
}
, {"links", text, Json < [](const Article& a) -> auto& {return a.links();
}
>
}
, {"live_updates", text,
   Json < [](const Article& a) -> auto& {return a.live_updates();
}
>
}
, {"evidence", text, Json < [](const Article& a) -> auto& {return a.evidence();
}
>
}
, {"warnings", text, Json < [](const Article& a) -> auto& {return a.warnings();
}
>
}
,
}
;
}

std::vector<Column> OtherColumns() {
  return {
      {"authors", arrow::list(arrow::utf8()), Authors},
      {"keywords", arrow::list(arrow::utf8()), Keywords},
      {"language_confidence", arrow::float32(), LanguageConfidence},
      {"ai_training_opt_out", arrow::boolean(),
       Scalar<arrow::BooleanBuilder,
              [](const Article& a) {
                return a.rights().ai_training_opt_out();
              }>},
      {"noarchive", arrow::boolean(),
       Scalar<arrow::BooleanBuilder,
              [](const Article& a) { return a.rights().noarchive(); }>},
      {"version", arrow::int64(),
       Scalar<arrow::Int64Builder,
              [](const Article& a) { return a.version(); }>},
      {"content_sha256", arrow::binary(), Bytes<&Article::content_sha256>},
      {"minhash", arrow::list(arrow::uint32()), MinHash},
  };
}

std::vector<Column> MakeColumns() {
  std::vector<Column> columns = TextColumns();
  for (const auto& more : {TimeColumns(), OtherColumns(), JsonColumns()}) {
    columns.insert(columns.end(), more.begin(), more.end());
  }
  return columns;
}

const std::vector<Column>& Columns() {
  static const auto& columns = *new std::vector<Column>(MakeColumns());
  return columns;
}

}  // namespace

ArticleColumns::ArticleColumns(
    std::unique_ptr<arrow::RecordBatchBuilder> builder)
    : builder_(std::move(builder)) {}

ArticleColumns::~ArticleColumns() = default;

std::shared_ptr<arrow::Schema> ArticleColumns::Schema() {
  arrow::FieldVector fields;
  for (const Column& column : Columns()) {
    fields.push_back(arrow::field(column.name, column.type));
  }
  return arrow::schema(std::move(fields));
}

arrow::Result<std::unique_ptr<ArticleColumns>> ArticleColumns::Make() {
  ARROW_ASSIGN_OR_RAISE(
      auto builder,
      arrow::RecordBatchBuilder::Make(Schema(), arrow::default_memory_pool()));
  return std::unique_ptr<ArticleColumns>(
      new ArticleColumns(std::move(builder)));
}

arrow::Status ArticleColumns::Append(const v1::Article& article) {
  int index = 0;
  for (const Column& column : Columns()) {
    ARROW_RETURN_NOT_OK(column.append(article, *builder_->GetField(index++)));
  }
  return Status::OK();
}

arrow::Result<std::shared_ptr<arrow::RecordBatch>> ArticleColumns::Flush() {
  return builder_->Flush();
}

}  // namespace dateline::store
