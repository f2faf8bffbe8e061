#ifndef DATELINE_PARSER_CORE_DEAD_LETTER_H_
#define DATELINE_PARSER_CORE_DEAD_LETTER_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "common/topics.h"
#include "dateline/v1/dead_letter.pb.h"
#include "dateline/v1/parser_service.pb.h"

namespace dateline {

// What the headers of dead letters begin with (docs/topics.md).
inline constexpr char kDeadLetterPrefix[] = "dateline-dead-letter-";

// A record of the dead-letters topic, without its value; none where it is one
// of the marks of redrives, below, or nobody's.
std::optional<v1::DeadLetter> ReadDeadLetter(const kafka::Record& record);

// `deadLetters/{partition}-{offset}`.
std::string DeadLetterName(int32_t partition, int64_t offset);

struct DeadLetterPlace {
  int32_t partition = 0;
  int64_t offset = 0;

  auto operator<=>(const DeadLetterPlace&) const = default;
};

// kInvalidArgument, in a sentence, where it is no such name.
absl::StatusOr<DeadLetterPlace> ParseDeadLetterName(absl::string_view name);

// Whether the letter fits every field of the selection that is set.
bool FitsSelection(const v1::DeadLetter& letter,
                   const v1::DeadLetterSelection& selection);

// Whether a letter's record can be put back on its topic: it has its value, is
// of one of the pages topics, and was not put back before and set aside again.
bool CanBeRedriven(const kafka::Record& record, const v1::DeadLetter& letter,
                   const TopicNames& topics);

// The original record, with a header that tells how often it was tried.
kafka::OutgoingRecord RedrivenPage(const kafka::Record& record,
                                   const v1::DeadLetter& letter);

// Stands behind a letter, in its partition, once it was put back; written in
// the transaction that does so.
kafka::OutgoingRecord RedriveMark(const kafka::Record& record);

// The offset, in its own partition, of the letter that this is the mark of.
std::optional<int64_t> RedrivenOffset(const kafka::Record& record);

// The end of the topic for one redrive: what it must read up to.
kafka::OutgoingRecord RedriveClaim(const std::string& topic, int32_t partition,
                                   const std::string& id);
bool IsRedriveClaim(const kafka::Record& record, const std::string& id);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_DEAD_LETTER_H_
