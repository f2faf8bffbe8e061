#include "store/core/decode_record.h"

#include <optional>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "common/framing/value_frame.h"

namespace dateline::store {
namespace {

absl::Status Corrupt(const kafka::Record& record, absl::string_view reason) {
  return absl::DataLossError(absl::StrCat(kafka::ToString(record.partition),
                                          " offset ", record.offset, ": ",
                                          reason));
}

// Its own messages Dateline names in a header, and one of another kind may read
// as an Article: both have a uid in field 1. What others write under types of
// their own, or under none, its bytes tell.
bool IsOtherMessage(const kafka::Record& record) {
  const std::optional<absl::string_view> type =
      kafka::FindHeader(record.headers, "ce_type");
  return type.has_value() && absl::StartsWith(*type, "dateline.v1.") &&
         *type != v1::Article::descriptor()->full_name();
}

}  // namespace

absl::StatusOr<ArticleChange> DecodeRecord(const kafka::Record& record) {
  if (record.key.empty()) return Corrupt(record, "the record has no key");
  ArticleChange change = {.partition = record.partition,
                          .offset = record.offset,
                          .uid = record.key};
  if (!record.value.has_value()) return change;
  if (IsOtherMessage(record)) {
    return Corrupt(record, "by its ce_type the value is no Article");
  }
  if (!ParseValue(*record.value, &change.article.emplace())) {
    return Corrupt(record, "the value is no dateline.v1.Article");
  }
  if (change.article->uid() != record.key) {
    return Corrupt(record, "the article's uid is not the record's key");
  }
  return change;
}

}  // namespace dateline::store
