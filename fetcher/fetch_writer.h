#ifndef DATELINE_FETCHER_FETCH_WRITER_H_
#define DATELINE_FETCHER_FETCH_WRITER_H_

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/kafka/producer.h"
#include "common/otlp/span.h"
#include "common/topics.h"
#include "fetcher/core/conclude.h"
#include "fetcher/crawler.h"
#include "fetcher/source_reader.h"

namespace dateline::fetcher {

// Where the group's consumer stands in the partitions of the frontier.
struct ConsumedUpTo {
  std::map<int32_t, int64_t> next_offsets;
  std::string group_metadata;
};

// Writes what came of fetches: for each the page, the URL's entry, the host's
// state, what a source named, and the deletion of the submission it answers;
// all of a batch in one transaction. The consumer's offsets go with it, so that
// a member that has lost its partitions can't commit.
class FetchWriter {
 public:
  // All must outlive the writer. `spans` gets one for each page that is
  // committed; may be null.
  FetchWriter(const TopicNames& topics, const ScheduleRules& rules,
              const Crawler* crawler, const SourceReader* sources,
              otlp::SpanSink* spans = nullptr);

  // Returns a conclusion for each fetch, in their order; of a robots.txt, which
  // is part of its host's state, only its entry is set. On an error nothing
  // was written; kFailedPrecondition means that the producer is of no more use,
  // any other that the batch can be tried again.
  absl::StatusOr<std::vector<Conclusion>> Write(
      const std::vector<EndedFetch>& fetches,
      const std::vector<SettledSubmission>& settled, int32_t partition_count,
      const ConsumedUpTo& consumed, kafka::TransactionalProducer& producer);

 private:
  absl::StatusOr<std::vector<Conclusion>> Produce(
      const std::vector<EndedFetch>& fetches,
      const std::vector<SettledSubmission>& settled, int32_t partition_count,
      kafka::TransactionalProducer& producer);
  absl::StatusOr<Conclusion> ProduceFetch(
      const EndedFetch& fetch, int32_t partition_count,
      kafka::TransactionalProducer& producer);
  absl::Status ProducePage(const EndedFetch& fetch, const v1::RawPage& page,
                           kafka::TransactionalProducer& producer);
  absl::Status ProduceFrontier(const EndedFetch& fetch, Conclusion& conclusion,
                               int32_t partition_count,
                               kafka::TransactionalProducer& producer);
  // The last state of each host.
  absl::Status ProduceHosts(const std::vector<EndedFetch>& fetches,
                            kafka::TransactionalProducer& producer);
  kafka::OutgoingRecord FrontierRecord(int32_t partition, std::string key,
                                       const v1::FrontierRecord* record) const;

  const TopicNames topics_;
  const ScheduleRules rules_;
  const Crawler& crawler_;
  const SourceReader& sources_;
  otlp::SpanSink* const spans_;
  // Of the transaction under way.
  std::vector<otlp::Span> open_spans_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_FETCH_WRITER_H_
