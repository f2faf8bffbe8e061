#include "parser/core/page_outcome.h"

#include <utility>
#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/cloud_event.h"
#include "dateline/v1/dead_letter.pb.h"
#include "parser/core/extract.h"

namespace dateline {
namespace {

constexpr char kDeadLetterPrefix[] = "dateline-dead-letter-";

// "DEAD_LETTER_REASON_NO_ARTICLE" as "no_article".
std::string ReasonLabel(v1::DeadLetterReason reason) {
  constexpr size_t kPrefixSize = sizeof("DEAD_LETTER_REASON_") - 1;
  return absl::AsciiStrToLower(
      v1::DeadLetterReason_Name(reason).substr(kPrefixSize));
}

// The place of a record, as an id that no other record has.
std::string Place(const kafka::Record& record) {
  return absl::StrCat(record.partition.topic, "/", record.partition.partition,
                      "/", record.offset);
}

std::string Traceparent(const kafka::Record& record) {
  return std::string(
      kafka::FindHeader(record.headers, "traceparent").value_or(""));
}

void AddDeadLetterHeader(absl::string_view field, std::string value,
                         std::vector<kafka::Header>& headers) {
  headers.push_back({absl::StrCat(kDeadLetterPrefix, field), std::move(value)});
}

// The attempt that failed: one more than the record says of itself, where it
// was redriven.
int Attempt(const kafka::Record& record) {
  int earlier = 0;
  const auto header = kafka::FindHeader(
      record.headers, absl::StrCat(kDeadLetterPrefix, "attempt"));
  if (header.has_value() && !absl::SimpleAtoi(*header, &earlier)) earlier = 0;
  return earlier + 1;
}

PageOutcome DeadLetter(const kafka::Record& record, const TopicNames& topics,
                       absl::Time now, v1::DeadLetterReason reason,
                       absl::string_view message, absl::string_view url) {
  PageOutcome outcome;
  outcome.label = ReasonLabel(reason);
  outcome.record.topic = topics.dead_letters;
  outcome.record.key = record.key;
  outcome.record.value = record.value;
  std::vector<kafka::Header>& headers = outcome.record.headers;
  for (const kafka::Header& header : record.headers) {
    if (!absl::StartsWith(header.name, kDeadLetterPrefix)) {
      headers.push_back(header);
    }
  }
  AddDeadLetterHeader("topic", record.partition.topic, headers);
  AddDeadLetterHeader("partition", absl::StrCat(record.partition.partition),
                      headers);
  AddDeadLetterHeader("offset", absl::StrCat(record.offset), headers);
  AddDeadLetterHeader("reason", outcome.label, headers);
  AddDeadLetterHeader("message", std::string(message), headers);
  AddDeadLetterHeader("parser-version", DATELINE_VERSION, headers);
  AddDeadLetterHeader("attempt", absl::StrCat(Attempt(record)), headers);
  AddDeadLetterHeader("url", std::string(url), headers);
  AddDeadLetterHeader("time", absl::StrCat(absl::ToUnixMillis(now)), headers);
  return outcome;
}

PageOutcome ArticleOutcome(const kafka::Record& record,
                           const TopicNames& topics, absl::Time now,
                           v1::Article article) {
  v1::Provenance& provenance = *article.mutable_provenance();
  provenance.set_topic(record.partition.topic);
  provenance.set_partition(record.partition.partition);
  provenance.set_offset(record.offset);
  PageOutcome outcome;
  outcome.label = "article";
  outcome.record.topic = topics.articles;
  outcome.record.key = article.uid();
  outcome.record.value = article.SerializeAsString();
  outcome.record.headers = CloudEventHeaders(
      {Place(record), "/dateline/parser", "dateline.v1.Article", article.url(),
       now, Traceparent(record)});
  return outcome;
}

}  // namespace

PageOutcome DecidePage(const kafka::Record& record, const TopicNames& topics,
                       absl::Time now, const SiteRules* rules) {
  v1::RawPage page;
  if (!record.value.has_value() || !page.ParseFromString(*record.value) ||
      page.url().empty()) {
    return DeadLetter(record, topics, now,
                      v1::DEAD_LETTER_REASON_MALFORMED_RECORD,
                      "the value is no dateline.v1.RawPage with a URL", "");
  }
  absl::StatusOr<Extraction> extraction =
      ExtractArticle(page, {.parse_time = now, .rules = rules});
  if (!extraction.ok()) {
    return DeadLetter(record, topics, now,
                      DeadLetterReasonOf(extraction.status()),
                      extraction.status().message(), page.url());
  }
  return ArticleOutcome(record, topics, now, std::move(extraction->article));
}

PageOutcome SmallerOutcome(const kafka::Record& record, PageOutcome refused,
                           const TopicNames& topics, absl::Time now,
                           absl::string_view message) {
  if (refused.record.topic == topics.articles) {
    v1::RawPage page;
    page.ParseFromString(record.value.value_or(""));
    return DeadLetter(record, topics, now, v1::DEAD_LETTER_REASON_TOO_LARGE,
                      message, page.url());
  }
  AddDeadLetterHeader("value-omitted",
                      absl::StrCat(refused.record.value.value_or("").size()),
                      refused.record.headers);
  refused.record.value.reset();
  return refused;
}

}  // namespace dateline
