#include "fetcher/warc_importer.h"

#include <utility>

#include "common/log.h"

namespace dateline::fetcher {
namespace {

constexpr int kThreads = 2;
constexpr size_t kMostWaiting = 100;

}  // namespace

WarcImporter::WarcImporter(WarcImportOptions options, WarcImportClients clients,
                           const TopicNames& topics, const Clock* clock,
                           Metrics* metrics)
    : options_(std::move(options)),
      clients_(std::move(clients)),
      topics_(topics),
      clock_(*clock),
      metrics_(*metrics),
      threads_(kThreads, kMostWaiting) {}

void WarcImporter::Start(const std::string& path,
                         std::shared_ptr<ImportListener> listener) {
  const bool is_taken = threads_.TrySchedule([this, path, listener] {
    WarcImport import(options_, clients_, topics_, &clock_, &metrics_);
    const absl::Status status = import.Run(path, *listener);
    if (!status.ok()) {
      LogInfo("import ended", {{"file", path}, {"error", status.message()}});
    }
    listener->OnEnd(status);
  });
  if (!is_taken) {
    listener->OnEnd(absl::ResourceExhaustedError(
        "Too many imports wait; ask again when one has ended."));
  }
}

}  // namespace dateline::fetcher
