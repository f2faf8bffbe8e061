#include "fetcher/file_sources.h"

#include <utility>

#include "common/log.h"
#include "fetcher/core/source_plan.h"

namespace dateline::fetcher {

FileSources::FileSources(std::vector<v1::Source> wanted, SourceReader* sources,
                         kafka::Producer* producer, std::string topic,
                         const Clock* clock, absl::Duration retry_wait)
    : wanted_(std::move(wanted)),
      sources_(*sources),
      producer_(*producer),
      topic_(std::move(topic)),
      clock_(*clock),
      retry_wait_(retry_wait) {}

void FileSources::Start() {
  sources_.WhenLoaded([this] { Apply(); });
}

void FileSources::Apply() {
  const std::vector<SourceWrite> writes =
      PlanSources(wanted_, sources_.All(), clock_.Now());
  LogInfo("sources of the file",
          {{"sources", wanted_.size()}, {"to_write", writes.size()}});
  {
    absl::MutexLock lock(&mutex_);
    open_ = writes.size();
  }
  for (const SourceWrite& write : writes) {
    kafka::OutgoingRecord record;
    record.topic = topic_;
    record.key = write.name;
    if (write.source.has_value()) {
      record.value = write.source->SerializeAsString();
    }
    producer_.Send(std::move(record),
                   [this, name = write.name](const absl::Status& status) {
                     Written(name, status);
                   });
  }
}

void FileSources::Written(const std::string& name, const absl::Status& status) {
  const bool is_retried = absl::IsUnavailable(status) ||
                          absl::IsNotFound(status);  // the topic, as yet
  bool says = !status.ok() && !absl::IsCancelled(status);
  bool plans_again = false;
  {
    absl::MutexLock lock(&mutex_);
    if (is_retried) says = !std::exchange(said_, true);
    again_ = again_ || is_retried;
    if (--open_ == 0) plans_again = std::exchange(again_, false);
  }
  if (says) {
    LogWarning(is_retried ? "sources of the file are written once they can be"
                          : "source of the file not written",
               {{"source", name}, {"error", status.message()}});
  }
  // Not from here: a producer may confirm within Send.
  if (plans_again) sources_.CallLater(retry_wait_, [this] { Apply(); });
}

}  // namespace dateline::fetcher
