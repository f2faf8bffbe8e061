#ifndef DATELINE_FETCHER_WARC_ARCHIVE_H_
#define DATELINE_FETCHER_WARC_ARCHIVE_H_

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <thread>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "common/metrics.h"
#include "fetcher/page_archive.h"
#include "fetcher/warc_file_writer.h"

namespace dateline::fetcher {

// Writes what was fetched to WARC files (--warc_dir), on a thread of its own.
//
// The worker hands a page over once the transaction that published it is
// committed: the archive has only pages that are on the topic, each once. A
// crash between the two leaves the last pages out of the archive, never out of
// the topic; Kafka holds the truth. Robots.txt, feeds and other sources, and
// pages that were unchanged or came to nothing are not archived.
//
// A disk that is full or fails loses pages for the archive only: they are
// counted (dateline_fetcher_archive_lost_pages_total), and the log says once
// that it began and once that it is over. A disk slower than the fetching slows
// it: Add waits while 64 MiB wait to be written, but no longer than
// `longest_wait`. Then the page is lost, and so are those that follow, without
// a wait, until the disk has taken one.
class WarcArchive final : public PageArchive {
 public:
  // All must outlive the archive.
  WarcArchive(WarcFileWriter* writer, const Clock* clock, Metrics* metrics,
              absl::Duration longest_wait = absl::Seconds(5));
  // Stops.
  ~WarcArchive() override;

  void Start();
  // Writes what waits, closes the file, and joins.
  void Stop() ABSL_LOCKS_EXCLUDED(mutex_);

  // Thread-safe. After Stop it does nothing.
  void Add(const v1::UrlEntry& entry, FetchResult answer) override
      ABSL_LOCKS_EXCLUDED(mutex_);

  // For tests, in place of Start: one turn of the thread. False once stopped
  // and nothing waits.
  bool Step(absl::Duration longest_wait) ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Waiting {
    v1::RawPage page;
    std::string address;
    size_t bytes = 0;
  };

  void Run();
  void Write(const Waiting& waiting);
  void Note(const absl::Status& status);

  WarcFileWriter& writer_;
  const Clock& clock_;
  const absl::Duration longest_wait_;
  prometheus::Counter& archived_;
  prometheus::Counter& lost_;
  bool is_failing_ = false;  // of the thread alone

  absl::Mutex mutex_;
  std::deque<Waiting> waiting_ ABSL_GUARDED_BY(mutex_);
  size_t waiting_bytes_ ABSL_GUARDED_BY(mutex_) = 0;
  // Add has waited in vain since the last page was written.
  bool is_stuck_ ABSL_GUARDED_BY(mutex_) = false;
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WARC_ARCHIVE_H_
