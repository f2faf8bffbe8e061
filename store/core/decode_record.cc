#include "store/core/decode_record.h"

#include "absl/strings/str_cat.h"

namespace dateline::store {
namespace {

absl::Status Corrupt(const kafka::Record& record, absl::string_view reason) {
  return absl::DataLossError(absl::StrCat(kafka::ToString(record.partition),
                                          " offset ", record.offset, ": ",
                                          reason));
}

}  // namespace

absl::StatusOr<ArticleChange> DecodeRecord(const kafka::Record& record) {
  if (record.key.empty()) return Corrupt(record, "the record has no key");
  ArticleChange change = {.partition = record.partition,
                          .offset = record.offset,
                          .uid = record.key};
  if (!record.value.has_value()) return change;
  if (!change.article.emplace().ParseFromString(*record.value)) {
    return Corrupt(record, "the value is no dateline.v1.Article");
  }
  if (change.article->uid() != record.key) {
    return Corrupt(record, "the article's uid is not the record's key");
  }
  return change;
}

}  // namespace dateline::store
