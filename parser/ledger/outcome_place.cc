#include "parser/ledger/outcome_place.h"

#include <string>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "dateline/v1/dead_letter.pb.h"
#include "parser/core/dead_letter.h"

namespace dateline {

std::optional<RecordPlace> PageOfArticle(const kafka::Record& record) {
  if (kafka::FindHeader(record.headers, "ce_source") != "/dateline/parser") {
    return std::nullopt;
  }
  const std::vector<std::string> parts = absl::StrSplit(
      kafka::FindHeader(record.headers, "ce_id").value_or(""), '/');
  RecordPlace place;
  if (parts.size() != 3 ||
      !absl::SimpleAtoi(parts[1], &place.partition.partition) ||
      !absl::SimpleAtoi(parts[2], &place.offset)) {
    return std::nullopt;
  }
  place.partition.topic = parts[0];
  return place;
}

std::optional<RecordPlace> PageOfDeadLetter(const kafka::Record& record) {
  const std::optional<v1::DeadLetter> letter = ReadDeadLetter(record);
  if (!letter.has_value() || letter->topic().empty()) return std::nullopt;
  return RecordPlace{{letter->topic(), letter->partition()}, letter->offset()};
}

}  // namespace dateline
