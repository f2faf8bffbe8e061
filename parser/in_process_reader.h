#ifndef DATELINE_PARSER_IN_PROCESS_READER_H_
#define DATELINE_PARSER_IN_PROCESS_READER_H_

#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "parser/core/rules/site_rules.h"
#include "parser/page_reader.h"
#include "parser/waiting_pages.h"

namespace dateline {

// Reads pages on threads of this process: a page that breaks the extractor
// takes the process with it. See IsolatedReader.
class InProcessReader final : public PageReader {
 public:
  // `rules`, as in ExtractOptions, must outlive the reader.
  explicit InProcessReader(int threads, const SiteRules* rules = nullptr);
  // Drops what is queued, then joins.
  ~InProcessReader() override;

  void Read(PageTask task, Done done) override ABSL_LOCKS_EXCLUDED(mutex_);
  void DropQueued() override ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run() ABSL_LOCKS_EXCLUDED(mutex_);

  const SiteRules* const rules_;
  absl::Mutex mutex_;
  WaitingPages<std::pair<PageTask, Done>> queue_ ABSL_GUARDED_BY(mutex_);
  bool stopping_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> threads_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_IN_PROCESS_READER_H_
