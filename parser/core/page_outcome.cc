#include "parser/core/page_outcome.h"

#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/cloud_event.h"
#include "common/framing/value_frame.h"
#include "common/otlp/record_attributes.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/dead_letter.h"
#include "parser/core/dead_letter_reason.h"

namespace dateline {
namespace {

// The place of a record, as an id that no other record has.
std::string Place(const kafka::Record& record) {
  return absl::StrCat(record.partition.topic, "/", record.partition.partition,
                      "/", record.offset);
}

// Empty where there is none.
std::string Traceparent(const std::optional<TraceContext>& trace) {
  return trace.has_value() ? FormatTraceparent(*trace) : "";
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
  outcome.label = DeadLetterReasonWord(reason);
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
                           PageVerdict verdict) {
  PageOutcome outcome;
  outcome.label = "article";
  outcome.source = std::move(verdict.source);
  outcome.missing = std::move(verdict.missing);
  outcome.record.topic = topics.articles;
  outcome.record.key = std::move(verdict.uid);
  outcome.record.value = std::move(verdict.article);
  outcome.record.headers = CloudEventHeaders(
      {Place(record), "/dateline/parser", "dateline.v1.Article", verdict.url,
       now, Traceparent(PageTrace(record))});
  return outcome;
}

}  // namespace

std::optional<TraceContext> PageTrace(const kafka::Record& record) {
  const auto parent = otlp::TraceOf(record.headers);
  if (!parent.has_value()) return std::nullopt;
  return ContinueTrace(*parent, Place(record));
}

PageTask TaskOf(const std::shared_ptr<const kafka::Record>& record,
                absl::Time now) {
  PageTask task;
  if (record->value.has_value()) {
    task.raw_page = std::shared_ptr<const std::string>(record, &*record->value);
  }
  task.place = PagePlace{record->partition.topic, record->partition.partition,
                         record->offset};
  task.now = now;
  return task;
}

PageOutcome OutcomeOf(const kafka::Record& record, PageVerdict verdict,
                      const TopicNames& topics, absl::Time now) {
  if (verdict.has_article()) {
    return ArticleOutcome(record, topics, now, std::move(verdict));
  }
  // A worker that died didn't say; the fetcher did.
  const std::string url =
      verdict.url.empty()
          ? std::string(
                kafka::FindHeader(record.headers, "ce_subject").value_or(""))
          : verdict.url;
  return DeadLetter(record, topics, now, verdict.reason, verdict.message, url);
}

PageOutcome DecidePage(const kafka::Record& record, const TopicNames& topics,
                       absl::Time now, const SiteRules* rules) {
  // Nobody keeps the task.
  const std::shared_ptr<const kafka::Record> borrowed(
      std::shared_ptr<const kafka::Record>(), &record);
  return OutcomeOf(record, JudgePage(TaskOf(borrowed, now), rules), topics,
                   now);
}

PageOutcome SmallerOutcome(const kafka::Record& record, PageOutcome refused,
                           const TopicNames& topics, absl::Time now,
                           absl::string_view message) {
  if (refused.record.topic == topics.articles) {
    v1::RawPage page;
    ParseValue(record.value.value_or(""), &page);
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
