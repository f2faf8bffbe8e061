#ifndef DATELINE_FETCHER_WARC_IMPORTER_H_
#define DATELINE_FETCHER_WARC_IMPORTER_H_

#include <memory>
#include <string>

#include "common/thread_pool.h"
#include "fetcher/warc_import.h"

namespace dateline::fetcher {

// Runs imports on threads of its own, two at a time; others wait their turn.
// Thread-safe. Destroying it waits for them all: their listeners are to be gone
// by then.
class WarcImporter {
 public:
  // `clock` and `metrics` must outlive it.
  WarcImporter(WarcImportOptions options, WarcImportClients clients,
               const TopicNames& topics, const Clock* clock, Metrics* metrics);

  // Ends with listener->OnEnd, which may come at once: kResourceExhausted where
  // too many wait.
  void Start(const std::string& path, std::shared_ptr<ImportListener> listener);

 private:
  const WarcImportOptions options_;
  const WarcImportClients clients_;
  const TopicNames topics_;
  const Clock& clock_;
  Metrics& metrics_;
  ThreadPool threads_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_WARC_IMPORTER_H_
