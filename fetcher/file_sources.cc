#include "fetcher/file_sources.h"

#include <utility>

#include "common/log.h"
#include "fetcher/core/source_plan.h"

namespace dateline::fetcher {

FileSources::FileSources(std::vector<v1::Source> wanted, SourceReader* sources,
                         kafka::Producer* producer, std::string topic,
                         const Clock* clock)
    : wanted_(std::move(wanted)),
      sources_(*sources),
      producer_(*producer),
      topic_(std::move(topic)),
      clock_(*clock) {}

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
  if (!status.ok() && !absl::IsCancelled(status)) {
    LogWarning("source of the file not written",
               {{"source", name}, {"error", status.message()}});
  }
  {
    absl::MutexLock lock(&mutex_);
    again_ = again_ || absl::IsUnavailable(status);
    if (--open_ > 0 || !again_) return;
    again_ = false;
  }
  Apply();
}

}  // namespace dateline::fetcher
