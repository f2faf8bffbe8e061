#ifndef DATELINE_FETCHER_OPEN_FILES_H_
#define DATELINE_FETCHER_OPEN_FILES_H_

#include <cstddef>

namespace dateline::fetcher {

// Raises the process's soft limit of open files to the hard one, and returns
// what it is then.
size_t RaiseOpenFileLimit();

inline constexpr size_t kMostIdleConnections = 2048;

// How many idle connections may be kept beside `concurrency` requests under
// such a limit: the most where it allows them, else what is left beside 256
// files for the broker, gRPC and the disk; at least one.
size_t IdleConnections(size_t open_files, size_t concurrency);

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_OPEN_FILES_H_
