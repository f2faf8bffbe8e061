#ifndef DATELINE_FETCHER_WORKER_H_
#define DATELINE_FETCHER_WORKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/metrics.h"
#include "common/topics.h"
#include "fetcher/crawler.h"
#include "fetcher/event_hub.h"
#include "fetcher/fetch_writer.h"
#include "fetcher/page_archive.h"
#include "fetcher/source_metrics.h"
#include "fetcher/source_reader.h"

namespace dateline::fetcher {

// Make the clients of a worker; called again after a fault.
struct WorkerClients {
  std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()> consumer;
  std::function<absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>()>
      producer;
};

// Owns partitions of the `frontier` topic: reads each from its beginning, then
// lets the crawler fetch what is due, and writes what came of it in
// transactions. An outcome is counted and told only once it is in the topic
// for good, so that each fetch has exactly one.
//
// A broker that is away is waited for. An aborted transaction is written again
// as long as its partitions are ours. After a fault of the clients both are
// made anew and the partitions read again.
//
// Limitations: fetches that are under way when a partition goes to another
// fetcher are dropped and made again there. A transaction that was committing
// at that moment may show its entries only after the new owner has begun, which
// then may fetch those URLs once more.
class Worker final : private kafka::RebalanceListener {
 public:
  // All must outlive the worker. `archive` gets the pages that are published;
  // may be null.
  Worker(WorkerClients clients, const TopicNames& topics,
         const ScheduleRules& rules, Crawler* crawler, HttpClient* http,
         SourceReader* sources, EventHub* events, Metrics* metrics,
         PageArchive* archive = nullptr);
  // Stops.
  ~Worker() override;

  void Start();
  // Asks for nothing more, writes what ends within 5 s, leaves the group, and
  // joins. Stops the HTTP client, too.
  void Stop();

  // For tests, in place of Start: one attempt to reach the topic, and one turn.
  absl::Status Connect();
  absl::Status Step(absl::Duration longest_wait);

  // Of the `frontier` topic; none until the broker has answered. Thread-safe.
  std::optional<int32_t> PartitionCount() const;
  // What is known of a URL, where this replica owns its host and has read all
  // there is. kUnavailable otherwise; kNotFound for a URL never taken.
  // Thread-safe.
  absl::StatusOr<v1::UrlEntry> Find(absl::string_view canonical_url) const;

 private:
  void OnAssigned(std::vector<kafka::Position>& partitions) override;
  void OnRevoked(const std::vector<kafka::TopicPartition>& partitions) override;
  void OnLost(const std::vector<kafka::TopicPartition>& partitions) override;
  void RemovePartition(int32_t partition);

  void Run();
  absl::Status RunSession();
  void Disconnect();
  void Drain();
  absl::Duration WaitFor(absl::Duration longest) const;
  void TakeRecords(const kafka::PollResult& polled);
  void UpdateSources();
  absl::Status WriteEnded();
  void DropForeign();
  void Account(const std::vector<Conclusion>& conclusions);
  // Hands the answers in batch_ that were published to the archive.
  void Archive(const std::vector<Conclusion>& conclusions);
  void ShowSources();

  const WorkerClients clients_;
  const TopicNames topics_;
  Crawler& crawler_;
  HttpClient& http_;
  SourceReader& sources_;
  EventHub& events_;
  Metrics& metrics_;
  FetchWriter writer_;
  PageArchive* const archive_;
  SourceMetrics source_metrics_;

  // Of the thread alone.
  std::unique_ptr<kafka::Consumer> consumer_;
  std::unique_ptr<kafka::TransactionalProducer> producer_;
  std::map<int32_t, int64_t> next_offsets_;
  std::vector<EndedFetch> batch_;
  int64_t sources_version_ = -1;
  absl::Time show_sources_ = absl::InfinitePast();

  std::atomic<int32_t> partition_count_ = 0;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WORKER_H_
