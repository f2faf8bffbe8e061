#ifndef DATELINE_FETCHER_URL_LOOKUPS_H_
#define DATELINE_FETCHER_URL_LOOKUPS_H_

#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "dateline/v1/frontier.pb.h"

namespace dateline::fetcher {

using UrlCallback = std::function<void(absl::StatusOr<v1::UrlEntry>)>;

// Questions for URLs that are not known yet. "Never taken" is said of one only
// once all that stood in its partition of the frontier when it was asked for is
// read; each question is answered once.
class UrlLookups {
 public:
  // The frontier as the thread that reads it knows it.
  class Frontier {
   public:
    virtual ~Frontier() = default;

    // kNotFound for a URL that isn't known so far.
    virtual absl::StatusOr<v1::UrlEntry> Find(absl::string_view url) const = 0;
    // The partition of such a URL, and up to where that is read.
    virtual int32_t PartitionOf(absl::string_view url) const = 0;
    virtual int64_t ReadTo(int32_t partition) const = 0;
    // Where partitions end, records of open transactions included. Those whose
    // end isn't to be had now are left out.
    virtual std::map<int32_t, int64_t> WrittenEnds(
        const std::set<int32_t>& partitions) = 0;
  };

  // `answer` is called from another call of this object, and must not block.
  // Thread-safe.
  void Add(std::string url, absl::Time deadline, UrlCallback answer)
      ABSL_LOCKS_EXCLUDED(mutex_);

  // Answers what can be answered: with Find's answer where that isn't
  // kNotFound, with kNotFound as said above, with kUnavailable where `now` is
  // past the deadline. By the thread of `frontier`.
  void Answer(Frontier& frontier, absl::Time now) ABSL_LOCKS_EXCLUDED(mutex_);

  // Answers those that are open, and those to come, with kUnavailable.
  // Thread-safe. What an Answer is about just then is answered at its end.
  void Close() ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  struct Lookup {
    std::string url;
    absl::Time deadline;
    UrlCallback answer;
    int64_t read_to = -1;  // -1 until the partition's end is known
  };

  std::vector<Lookup> TakeOpen() ABSL_LOCKS_EXCLUDED(mutex_);

  absl::Mutex mutex_;
  std::vector<Lookup> open_ ABSL_GUARDED_BY(mutex_);
  bool closed_ ABSL_GUARDED_BY(mutex_) = false;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_URL_LOOKUPS_H_
