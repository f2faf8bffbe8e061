#ifndef DATELINE_COMMON_SERVICE_MAIN_H_
#define DATELINE_COMMON_SERVICE_MAIN_H_

#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/string_view.h"

namespace dateline {

// What every main() begins with: blocks SIGTERM and SIGINT so that
// WaitForTermination can take them, takes each flag that the command line
// doesn't set from the environment (`--kafka_brokers` from
// DATELINE_KAFKA_BROKERS), handles --help, --version and --log_level. Ends the
// process with one line on standard error where a flag is wrong or there are
// arguments other than flags.
void InitMain(int argc, char** argv, absl::string_view usage);

// The same for a command that takes arguments; returns them.
std::vector<std::string> InitMainWithArguments(int argc, char** argv,
                                               absl::string_view usage);

struct HeapBounds {
  // Pieces that large are mapped by themselves, and go back to the system when
  // they are given back.
  int mapped_bytes = 1 << 20;
  // What stays of each heap when it is free at its end. Memory that goes back
  // to the system costs more to get anew than most that is done with it.
  int kept_bytes = 128 << 10;
  int most_heaps = 2;  // 0: glibc's own bound, eight for each core
};

// Says how much memory that was given back stays with the process. By default
// little of what many threads took: few heaps, and large pieces mapped by
// themselves. To be called before there are threads.
void BoundHeaps(const HeapBounds& bounds = {});

// Waits for SIGTERM or SIGINT; returns its name.
std::string WaitForTermination();

// kInvalidArgument, naming the flag, where `value` is below `least`.
absl::Status RequireAtLeast(absl::string_view flag, int64_t value,
                            int64_t least);

// Prints "NAME: MESSAGE" to standard error and returns 1, for main to return.
int FailMain(absl::string_view name, const absl::Status& status);

}  // namespace dateline

#endif  // DATELINE_COMMON_SERVICE_MAIN_H_
