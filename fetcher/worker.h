#ifndef DATELINE_FETCHER_WORKER_H_
#define DATELINE_FETCHER_WORKER_H_

#include <atomic>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/metrics.h"
#include "common/otlp/span.h"
#include "common/topics.h"
#include "fetcher/crawler.h"
#include "fetcher/event_hub.h"
#include "fetcher/fetch_writer.h"
#include "fetcher/page_archive.h"
#include "fetcher/source_metrics.h"
#include "fetcher/source_reader.h"
#include "fetcher/url_lookups.h"

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
// What an earlier owner of a partition wrote is known before anything of it is
// fetched: transactions carry the group's generation, so that the broker
// refuses those of an owner that has lost the partition; one that it had
// accepted already is waited for when the partition is assigned, and its
// records are read before the partition counts as read.
//
// Limitations: fetches that are under way when a partition goes to another
// fetcher are dropped and made again there.
class Worker final : private kafka::RebalanceListener,
                     private UrlLookups::Frontier {
 public:
  // All must outlive the worker. `archive` gets the pages that are published,
  // `spans` a span for each; both may be null.
  Worker(WorkerClients clients, const TopicNames& topics,
         const ScheduleRules& rules, Crawler* crawler, HttpClient* http,
         SourceReader* sources, EventHub* events, Metrics* metrics,
         PageArchive* archive = nullptr, otlp::SpanSink* spans = nullptr);
  // Stops.
  ~Worker() override;

  void Start();
  // Asks for nothing more, writes what ends within 5 s, leaves the group, and
  // joins. Stops the HTTP client, too, which may be gone from then on. Once:
  // further calls do nothing.
  void Stop();

  // Answers the calls of FindUpToDate that are open, and those to come, with
  // kUnavailable. Stop does so as well; a server waits for their answers before
  // it is down. Thread-safe.
  void EndLookups() { lookups_.Close(); }

  // For tests, in place of Start: one attempt to reach the topic, and one turn.
  absl::Status Connect();
  absl::Status Step(absl::Duration longest_wait);

  // Of the `frontier` topic; none until the broker has answered. Thread-safe.
  std::optional<int32_t> PartitionCount() const;
  // What is known of a URL, where this replica owns its host and has read all
  // there is. kUnavailable otherwise; kNotFound for a URL never taken.
  // Thread-safe.
  absl::StatusOr<v1::UrlEntry> Find(
      absl::string_view canonical_url) const override;
  // The same, where a URL counts as never taken only once all that stood in its
  // partition at the time of the call is read: what a confirmed submission
  // wrote is found. kUnavailable where that takes longer than 5 s, or the
  // partition or the broker is lost. `answer` is called once, here, on the
  // worker's thread or by EndLookups; it must not block. Thread-safe.
  void FindUpToDate(std::string canonical_url, UrlCallback answer);

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
  // For the lookups.
  int32_t PartitionOf(absl::string_view url) const override;
  int64_t ReadTo(int32_t partition) const override;
  std::map<int32_t, int64_t> WrittenEnds(
      const std::set<int32_t>& partitions) override;
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
  // Of partitions that were read to their end once: up to where they had been
  // written then, in transactions under way too.
  std::map<int32_t, int64_t> load_to_;
  std::vector<EndedFetch> batch_;
  int64_t sources_version_ = -1;
  absl::Time show_sources_ = absl::InfinitePast();

  UrlLookups lookups_;

  std::atomic<int32_t> partition_count_ = 0;
  absl::Notification stop_;
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WORKER_H_
