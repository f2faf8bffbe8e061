#ifndef DATELINE_FETCHER_FILE_SOURCES_H_
#define DATELINE_FETCHER_FILE_SOURCES_H_

#include <cstddef>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/status.h"
#include "absl/synchronization/mutex.h"
#include "common/clock.h"
#include "common/kafka/producer.h"
#include "dateline/v1/source.pb.h"
#include "fetcher/source_reader.h"

namespace dateline::fetcher {

// Brings the `sources` topic to what a file wants (PlanSources), once, as soon
// as the topic was read; while the broker is away, again and again. Every
// replica does so: those that come later find nothing to do, and those that
// begin at the same moment write the same.
class FileSources {
 public:
  // `sources` and `producer` must outlive Start, and both be stopped before
  // this is destroyed; `clock` must outlive it.
  FileSources(std::vector<v1::Source> wanted, SourceReader* sources,
              kafka::Producer* producer, std::string topic, const Clock* clock);

  void Start();

 private:
  void Apply() ABSL_LOCKS_EXCLUDED(mutex_);
  void Written(const std::string& name, const absl::Status& status)
      ABSL_LOCKS_EXCLUDED(mutex_);

  const std::vector<v1::Source> wanted_;
  SourceReader& sources_;
  kafka::Producer& producer_;
  const std::string topic_;
  const Clock& clock_;

  absl::Mutex mutex_;
  size_t open_ ABSL_GUARDED_BY(mutex_) = 0;
  bool again_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_FILE_SOURCES_H_
