#ifndef DATELINE_PARSER_WORKER_H_
#define DATELINE_PARSER_WORKER_H_

#include <functional>
#include <memory>
#include <thread>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/metrics.h"
#include "common/otlp/span.h"
#include "common/topics.h"
#include "parser/outcome_metrics.h"
#include "parser/page_reader.h"
#include "parser/parser_session.h"

namespace dateline {

// Makes the clients of a worker; called again after a fault.
struct ParserClients {
  // Of one group; a session has two.
  std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()> consumer;
  std::function<absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>()>
      producer;
};

struct ParserWorkerOptions {
  ParserSessionOptions session = {};
  absl::Duration pause_after_fault = absl::Seconds(1);
};

// Turns records of the pages topics into articles and dead letters, by one
// ParserSession after the other; see there for what is promised. It holds
// through the death of this process or the broker at any moment, rebalances,
// and a process that stalls and comes back when others have its partitions.
// Those who read uncommitted records see those of aborted transactions, too.
//
// There is one way back from any fault: the transaction is aborted, the
// clients are made anew, and reading goes on at the committed offsets.
class ParserWorker {
 public:
  // `reader`, `clock` and `metrics` must outlive the worker; nobody else uses
  // the reader. `spans` gets one for each outcome; may be null.
  ParserWorker(ParserClients clients, PageReader& reader, TopicNames topics,
               ParserWorkerOptions options, const Clock& clock,
               Metrics& metrics, otlp::SpanSink* spans = nullptr);
  // Stops.
  ~ParserWorker();

  void Start();

  // Ends after the outcomes that are there are committed, and joins.
  void Stop();

 private:
  void Run();
  // Reads and writes until Stop (OK) or a fault.
  absl::Status RunSession();

  const ParserClients clients_;
  PageReader& reader_;
  const TopicNames topics_;
  const ParserWorkerOptions options_;
  const Clock& clock_;
  Metrics& metrics_;
  otlp::SpanSink* const spans_;
  // Of all sessions, so that its bound on labels holds for the process.
  OutcomeMetrics outcome_metrics_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_WORKER_H_
