#include "fetcher/open_files.h"

#include <sys/resource.h>

#include <algorithm>
#include <limits>

namespace dateline::fetcher {

size_t RaiseOpenFileLimit() {
  rlimit limit = {};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 0;
  if (limit.rlim_cur != limit.rlim_max) {
    rlimit raised = limit;
    raised.rlim_cur = raised.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &raised) == 0) limit = raised;
  }
  return limit.rlim_cur == RLIM_INFINITY ? std::numeric_limits<size_t>::max()
                                         : static_cast<size_t>(limit.rlim_cur);
}

size_t IdleConnections(size_t open_files, size_t concurrency) {
  constexpr size_t kOthers = 256;
  const size_t taken = concurrency + kOthers;
  return open_files <= taken
             ? 1
             : std::min(kMostIdleConnections, open_files - taken);
}

}  // namespace dateline::fetcher
