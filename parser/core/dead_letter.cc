#include "parser/core/dead_letter.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/url.h"
#include "parser/core/dead_letter_reason.h"

namespace dateline {
namespace {

constexpr char kNamePrefix[] = "deadLetters/";
constexpr char kRedrivenHeader[] = "dateline-dead-letter-redriven";
constexpr char kClaimHeader[] = "dateline-dead-letter-claim";

std::string HeaderOf(const kafka::Record& record, absl::string_view field) {
  return std::string(
      kafka::FindHeader(record.headers, absl::StrCat(kDeadLetterPrefix, field))
          .value_or(""));
}

template <typename T>
T NumberOf(const kafka::Record& record, absl::string_view field) {
  T number = 0;
  if (!absl::SimpleAtoi(HeaderOf(record, field), &number)) return 0;
  return number;
}

bool IsBefore(const google::protobuf::Timestamp& one,
              const google::protobuf::Timestamp& other) {
  return std::pair(one.seconds(), one.nanos()) <
         std::pair(other.seconds(), other.nanos());
}

}  // namespace

std::optional<v1::DeadLetter> ReadDeadLetter(const kafka::Record& record) {
  const std::string reason = HeaderOf(record, "reason");
  if (reason.empty()) return std::nullopt;
  v1::DeadLetter letter;
  letter.set_name(DeadLetterName(record.partition.partition, record.offset));
  letter.set_topic(HeaderOf(record, "topic"));
  letter.set_partition(NumberOf<int32_t>(record, "partition"));
  letter.set_offset(NumberOf<int64_t>(record, "offset"));
  letter.set_key(record.key);
  letter.set_reason(DeadLetterReasonOfWord(reason));
  letter.set_message(HeaderOf(record, "message"));
  letter.set_parser_version(HeaderOf(record, "parser-version"));
  letter.set_attempt(NumberOf<int32_t>(record, "attempt"));
  letter.set_url(HeaderOf(record, "url"));
  const int64_t millis = NumberOf<int64_t>(record, "time");
  letter.mutable_create_time()->set_seconds(millis / 1000);
  letter.mutable_create_time()->set_nanos(
      static_cast<int32_t>(millis % 1000 * 1'000'000));
  return letter;
}

std::string DeadLetterName(int32_t partition, int64_t offset) {
  return absl::StrCat(kNamePrefix, partition, "-", offset);
}

absl::StatusOr<DeadLetterPlace> ParseDeadLetterName(absl::string_view name) {
  DeadLetterPlace place;
  absl::string_view rest = name;
  const std::vector<absl::string_view> parts =
      absl::ConsumePrefix(&rest, kNamePrefix)
          ? std::vector<absl::string_view>(absl::StrSplit(rest, '-'))
          : std::vector<absl::string_view>();
  if (parts.size() != 2 || !absl::SimpleAtoi(parts[0], &place.partition) ||
      !absl::SimpleAtoi(parts[1], &place.offset) || place.partition < 0 ||
      place.offset < 0) {
    return absl::InvalidArgumentError(absl::StrCat(
        "The name must be like deadLetters/0-41, not '", name, "'."));
  }
  return place;
}

bool FitsSelection(const v1::DeadLetter& letter,
                   const v1::DeadLetterSelection& selection) {
  if (selection.reason() != v1::DEAD_LETTER_REASON_UNSPECIFIED &&
      selection.reason() != letter.reason()) {
    return false;
  }
  if (!selection.host().empty() &&
      absl::AsciiStrToLower(selection.host()) != HostOf(letter.url())) {
    return false;
  }
  if (selection.has_start_time() &&
      IsBefore(letter.create_time(), selection.start_time())) {
    return false;
  }
  return !selection.has_end_time() ||
         IsBefore(letter.create_time(), selection.end_time());
}

bool CanBeRedriven(const kafka::Record& record, const v1::DeadLetter& letter,
                   const TopicNames& topics) {
  return letter.attempt() <= 1 && record.value.has_value() &&
         (letter.topic() == topics.pages ||
          letter.topic() == topics.pages_backfill);
}

kafka::OutgoingRecord RedrivenPage(const kafka::Record& record,
                                   const v1::DeadLetter& letter) {
  kafka::OutgoingRecord page;
  page.topic = letter.topic();
  page.key = record.key;
  page.value = record.value;
  for (const kafka::Header& header : record.headers) {
    if (!absl::StartsWith(header.name, kDeadLetterPrefix)) {
      page.headers.push_back(header);
    }
  }
  page.headers.push_back({absl::StrCat(kDeadLetterPrefix, "attempt"),
                          absl::StrCat(letter.attempt())});
  return page;
}

kafka::OutgoingRecord RedriveMark(const kafka::Record& record) {
  kafka::OutgoingRecord mark;
  mark.topic = record.partition.topic;
  mark.partition = record.partition.partition;
  mark.key = record.key;
  mark.headers = {{kRedrivenHeader, absl::StrCat(record.offset)}};
  return mark;
}

std::optional<int64_t> RedrivenOffset(const kafka::Record& record) {
  const auto header = kafka::FindHeader(record.headers, kRedrivenHeader);
  int64_t offset = 0;
  if (!header.has_value() || !absl::SimpleAtoi(*header, &offset)) {
    return std::nullopt;
  }
  return offset;
}

kafka::OutgoingRecord RedriveClaim(const std::string& topic, int32_t partition,
                                   const std::string& id) {
  kafka::OutgoingRecord claim;
  claim.topic = topic;
  claim.partition = partition;
  claim.key = absl::StrCat("claim/", id);
  claim.headers = {{kClaimHeader, id}};
  return claim;
}

bool IsRedriveClaim(const kafka::Record& record, const std::string& id) {
  return kafka::FindHeader(record.headers, kClaimHeader) ==
         absl::string_view(id);
}

}  // namespace dateline
