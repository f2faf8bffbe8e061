#ifndef DATELINE_FETCHER_WARC_IMPORT_H_
#define DATELINE_FETCHER_WARC_IMPORT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/metrics.h"
#include "common/topics.h"
#include "fetcher/core/warc/import_state.h"
#include "fetcher/core/warc/warc_reader.h"
#include "fetcher/import_listener.h"
#include "fetcher/warc_file.h"

namespace dateline::fetcher {

struct WarcImportOptions {
  std::string directory;  // --warc_import_dir; empty where nothing is imported
  size_t max_body_bytes = 10'485'760;
  // A transaction is committed at any of these.
  int64_t transaction_records = 1000;
  size_t transaction_bytes = 8 << 20;
  absl::Duration transaction_time = absl::Seconds(1);
  absl::Duration progress_interval = absl::Seconds(1);
  // After a fault of the broker; given up after five in a row.
  absl::Duration retry_wait = absl::Seconds(1);
};

struct WarcImportClients {
  // Without a group.
  std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()> consumer;
  std::function<absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>(
      const std::string& transactional_id)>
      producer;
};

// One import of a WARC file into `pages.backfill`.
//
// Each record gives its page once, for consumers of committed records, through
// crashes and repeated calls: pages and the import's state (WarcImport, topic
// `imports`) are written in one transaction, and a call begins at the state
// that was committed last. The producer's transactional id is made of the
// file's name: a second call for the same file, on any replica, fences the
// first, which ends as kAborted, and goes on behind what the first committed.
//
// Memory: a piece of the file, two records, and the transaction's pages.
class WarcImport {
 public:
  // All must outlive the import.
  WarcImport(const WarcImportOptions& options, const WarcImportClients& clients,
             const TopicNames& topics, const Clock* clock, Metrics* metrics);

  // Imports on the caller's thread, and tells of its progress; not of its end.
  // Errors as FetcherService.ImportWarc; kCancelled where `listener` is gone,
  // kUnavailable where the broker was away for too long.
  absl::Status Run(const std::string& path, ImportListener& listener);

 private:
  struct Reading;

  absl::Status RunOnce(const WarcFile& file, ImportListener& listener);
  absl::Status FindDictionary(const WarcFile& file,
                              WarcReaderOptions& options) const;
  absl::Status ImportAll(Reading& reading, ImportListener& listener);
  // Reads and produces until the transaction is full or the file at its end.
  absl::Status Fill(Reading& reading, const ImportListener& listener);
  absl::Status Take(Reading& reading, const WarcRecord& record);
  absl::Status Begin(Reading& reading);
  absl::Status Commit(Reading& reading);
  void Tell(Reading& reading, ImportListener& listener);

  const WarcImportOptions& options_;
  const WarcImportClients& clients_;
  const TopicNames& topics_;
  const Clock& clock_;
  Metrics& metrics_;
  std::unique_ptr<kafka::TransactionalProducer> producer_;
  int failures_ = 0;  // in a row
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WARC_IMPORT_H_
