#ifndef DATELINE_PARSER_PARSER_SESSION_H_
#define DATELINE_PARSER_PARSER_SESSION_H_

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

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
#include "parser/core/page_outcome.h"
#include "parser/core/page_window.h"
#include "parser/finished_pages.h"
#include "parser/outcome_metrics.h"
#include "parser/page_reader.h"

namespace dateline {

struct ParserSessionOptions {
  // A transaction is written as soon as an outcome is there and the last one
  // began this long ago, or when there are so many outcomes.
  absl::Duration transaction_interval = absl::Milliseconds(100);
  size_t transaction_pages = 500;
  // Reading stops while the pages between reading and writing, and their
  // outcomes, have more bytes; one poll may go beyond. Pages of the backfill
  // are read up to three quarters of it.
  size_t max_in_flight_bytes = size_t{64} << 20;
};

// The time of two consumers and a producer in the parser's group: pages of all
// assigned partitions are read at once by the reader, and each outcome is
// written in the transaction that also commits its page's place. To a consumer
// of committed records each page has exactly one outcome, an article or a dead
// letter with its reason, and the outcomes of one key come in the order of its
// partition (dateline-ledger tells whether they do). A page that takes long
// holds back its own key: what is written behind it is committed as a mark
// beside the offset (PageWindow), which the partition's next owner passes over.
//
// Pages of the backfill never delay others: they have a consumer, so a queue
// and connections, and a bound in memory of their own, and the reader takes
// them when no other page waits.
//
// A partition that is revoked takes with it what is not finished; what is, is
// committed first. One that is lost takes all. After a fault the session is
// over and nothing more is written. One thread uses a session.
class ParserSession final : private kafka::RebalanceListener {
 public:
  // All must outlive the session, but it may close the consumers, which are two
  // members of one group: one of `pages`, one of `pages.backfill`. `spans` gets
  // one for each outcome that is committed; may be null.
  ParserSession(kafka::Consumer& live, kafka::Consumer& backfill,
                kafka::TransactionalProducer& producer, PageReader& reader,
                const TopicNames& topics, const ParserSessionOptions& options,
                const Clock& clock, Metrics& metrics,
                OutcomeMetrics& outcome_metrics,
                otlp::SpanSink* spans = nullptr);
  ~ParserSession() override;

  // Reads and writes until `stop` (OK) or a fault; then closes the consumer.
  absl::Status Run(const absl::Notification& stop);

 private:
  using SteadyTime = std::chrono::steady_clock::time_point;

  struct Page {
    std::shared_ptr<const kafka::Record> record;
    std::optional<PageVerdict> verdict;
    // When it was read.
    absl::Time begin;
    // In its intake's bytes in flight.
    size_t bytes = 0;
  };
  struct Partition {
    PageWindow window;
    std::map<int64_t, Page> pages;
    std::optional<WindowMark> committed;
    bool paused = false;
  };
  // The pages of one topic on their way in.
  struct Intake {
    kafka::Consumer& consumer;
    const std::string& topic;
    const size_t max_records;
    const size_t max_in_flight_bytes;
    // Of its pages between reading and writing, and their outcomes.
    size_t in_flight_bytes = 0;
    // Since when reading has stopped for want of room.
    std::optional<SteadyTime> full_since = {};
  };
  // What a group commits with a transaction.
  struct Offsets {
    std::string group;
    std::vector<kafka::Position> positions;
  };
  struct TakenPage {
    Page page;
    PageOutcome outcome;
  };

  void OnAssigned(std::vector<kafka::Position>& partitions) override;
  void OnRevoked(const std::vector<kafka::TopicPartition>& partitions) override;
  void OnLost(const std::vector<kafka::TopicPartition>& partitions) override;

  absl::Status Step();
  // Reads records, or waits for the reader. With outcomes `ready`, until a
  // transaction is `due`.
  absl::Status ReadMore(SteadyTime due, bool ready);
  // How many pages it read, waiting for the first.
  absl::StatusOr<size_t> ReadFrom(Intake& intake, absl::Duration wait);
  void AwaitReader(SteadyTime due, absl::Duration longest);
  absl::Status Admit(std::vector<kafka::Record> records);
  void CollectFinished();

  size_t ReadyPages() const;
  // Writes what is ready, or as much as one transaction takes.
  absl::Status WriteReady();
  absl::Status WriteTransaction(std::vector<TakenPage>& taken,
                                const std::vector<kafka::Position>& positions);
  absl::StatusOr<std::vector<Offsets>> OffsetsOf(
      const std::vector<kafka::Position>& positions);
  absl::Status WriteOutcome(TakenPage& taken);
  std::vector<TakenPage> TakeReady();
  std::vector<kafka::Position> NewPositions() const;

  // Pauses the partitions that should not be read now, resumes the others.
  absl::Status SetPauses(Intake& intake);
  Intake& IntakeOf(const kafka::TopicPartition& partition);
  void Drop(const kafka::TopicPartition& partition);
  void Count(const std::vector<TakenPage>& taken);
  void AddSpans(const std::vector<TakenPage>& taken, absl::Time now);
  void CountLeft(size_t pages);
  void ShowInFlight();
  void ShowLag();

  kafka::TransactionalProducer& producer_;
  PageReader& reader_;
  const TopicNames& topics_;
  const ParserSessionOptions options_;
  const Clock& clock_;
  Metrics& metrics_;
  otlp::SpanSink* const spans_;
  OutcomeMetrics& outcome_metrics_;
  Intake live_;
  Intake backfill_;
  // Outlives the session in what the reader still reads.
  const std::shared_ptr<FinishedPages> finished_;
  std::map<kafka::TopicPartition, Partition> partitions_;
  size_t unfinished_ = 0;
  SteadyTime last_transaction_;
  // The first one; nothing is written after it.
  absl::Status fault_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_PARSER_SESSION_H_
