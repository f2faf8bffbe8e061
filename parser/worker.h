#ifndef DATELINE_PARSER_WORKER_H_
#define DATELINE_PARSER_WORKER_H_

#include <cstddef>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/metrics.h"
#include "common/thread_pool.h"
#include "common/topics.h"
#include "parser/core/page_outcome.h"

namespace dateline {

// Makes the clients of a worker; called again after a fault.
struct ParserClients {
  std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()> consumer;
  std::function<absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>()>
      producer;
};

struct ParserWorkerOptions {
  // A transaction ends at whichever comes first.
  size_t batch_records = 500;
  absl::Duration batch_wait = absl::Milliseconds(100);
  // Threads that parse the pages of one batch.
  int parse_threads = 2;
  absl::Duration pause_after_fault = absl::Seconds(1);
  // As in ExtractOptions; must outlive the worker.
  const SiteRules* rules = nullptr;
};

// Turns records of the pages topics into articles and dead letters: reads a
// batch, decides each page's outcome, and writes the outcomes and the offsets
// in one transaction. To a consumer of committed records each page has exactly
// one outcome, in the order of its partition, through the death of this
// process, of the broker, or a rebalance.
//
// There is one way back from any fault: the transaction is aborted, both
// clients are made anew, and reading goes on at the committed offsets.
class ParserWorker {
 public:
  // `clock` and `metrics` must outlive the worker.
  ParserWorker(ParserClients clients, TopicNames topics,
               ParserWorkerOptions options, const Clock& clock,
               Metrics& metrics);
  // Stops.
  ~ParserWorker();

  void Start();

  // Ends after the batch at hand is committed, and joins.
  void Stop();

 private:
  class Listener;

  void Run();
  // Reads and writes until Stop (OK) or a fault.
  absl::Status RunSession();
  absl::Status ProcessBatch(const std::vector<kafka::Record>& batch,
                            kafka::Consumer& consumer,
                            kafka::TransactionalProducer& producer);
  std::vector<PageOutcome> Decide(const std::vector<kafka::Record>& batch);
  absl::Status Write(const std::vector<kafka::Record>& batch,
                     std::vector<PageOutcome>& outcomes,
                     kafka::TransactionalProducer& producer);
  void Count(const std::vector<PageOutcome>& outcomes);

  const ParserClients clients_;
  const TopicNames topics_;
  const ParserWorkerOptions options_;
  const Clock& clock_;
  Metrics& metrics_;
  ThreadPool pool_;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_WORKER_H_
