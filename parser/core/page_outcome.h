#ifndef DATELINE_PARSER_CORE_PAGE_OUTCOME_H_
#define DATELINE_PARSER_CORE_PAGE_OUTCOME_H_

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "common/kafka/record.h"
#include "common/topics.h"
#include "common/trace_context.h"
#include "dateline/v1/dead_letter.pb.h"
#include "parser/core/page_verdict.h"
#include "parser/core/rules/site_rules.h"

namespace dateline {

// The one outcome of one record of a pages topic: an article or a dead letter,
// as the record that says so.
struct PageOutcome {
  kafka::OutgoingRecord record;
  // What it counts as: "article", or the dead letter's reason in lower case.
  std::string label;
  // As in PageVerdict.
  std::string source = {};
  std::vector<std::string> missing = {};
};

// What a reader of pages needs of `record`, whose value it shares.
PageTask TaskOf(const std::shared_ptr<const kafka::Record>& record,
                absl::Time now);

// The outcome of `record` with the verdict on its task.
PageOutcome OutcomeOf(const kafka::Record& record, PageVerdict verdict,
                      const TopicNames& topics, absl::Time now);

// The span of the parser's in which the page's trace goes on; none where it
// carries no trace.
std::optional<TraceContext> PageTrace(const kafka::Record& record);

// Decides the outcome of `record`, whatever its bytes are. The article carries
// `record`'s place as its provenance; a dead letter carries `record`'s key,
// value and headers and says why in headers of its own (docs/topics.md). The
// same record, `now` and `rules` (as in ExtractOptions) give the same outcome.
PageOutcome DecidePage(const kafka::Record& record, const TopicNames& topics,
                       absl::Time now, const SiteRules* rules = nullptr);

// The outcome for a record whose `refused` outcome the broker did not take,
// being larger than the topic allows: for an article a dead letter that says
// so; for a dead letter the same without its value, with a header
// `dateline-dead-letter-value-omitted` that gives its size in bytes, so that
// the partition can always move on.
PageOutcome SmallerOutcome(const kafka::Record& record, PageOutcome refused,
                           const TopicNames& topics, absl::Time now,
                           absl::string_view message);

}  // namespace dateline

#endif  // DATELINE_PARSER_CORE_PAGE_OUTCOME_H_
