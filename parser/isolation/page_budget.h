#ifndef DATELINE_PARSER_ISOLATION_PAGE_BUDGET_H_
#define DATELINE_PARSER_ISOLATION_PAGE_BUDGET_H_

#include <cstdint>
#include <optional>
#include <string>

#include "absl/time/time.h"
#include "dateline/v1/dead_letter.pb.h"
#include "parser/core/page_verdict.h"

namespace dateline {

// What reading one page may take.
struct PageBudget {
  absl::Duration cpu = absl::Seconds(2);
  absl::Duration wall = absl::Seconds(10);
  int64_t memory_bytes = int64_t{256} << 20;
};

// What reading a page has taken so far.
struct PageUse {
  absl::Duration cpu;
  absl::Duration wall;
};

enum class Breach { kCpu, kWall };

// The time that `use` goes beyond, if any.
std::optional<Breach> BreachOf(const PageUse& use, const PageBudget& budget);

// The exit status by which a worker says that memory ran out.
inline constexpr int kExitOutOfMemory = 97;

// How a worker ended while it read a page.
struct WorkerEnd {
  // What it was ended for, where the parser did it.
  std::optional<Breach> breach = std::nullopt;
  // As waitpid tells.
  int wait_status = 0;
  // The most that it had resident beyond what it began with.
  int64_t grown_bytes = 0;
};

// The page's outcome: timed_out, out_of_memory or crashed, and a sentence.
PageVerdict VerdictOf(const WorkerEnd& end, const PageBudget& budget);

// Whether the page may be innocent, so that it is worth a try in a fresh
// worker: the worker had read other pages before, or was killed by somebody
// else.
bool DeservesAnotherTry(const WorkerEnd& end, bool had_read_others);

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_PAGE_BUDGET_H_
