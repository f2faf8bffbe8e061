#include "parser/isolation/page_budget.h"

#include <signal.h>
#include <string.h>
#include <sys/wait.h>

#include <utility>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

// A killer that is not the parser is the system's, for want of memory.
bool WasKilledByOthers(const WorkerEnd& end) {
  return !end.breach.has_value() && WIFSIGNALED(end.wait_status) &&
         WTERMSIG(end.wait_status) == SIGKILL;
}

// A library that doesn't expect an allocation to fail dies of it by a signal.
bool RanOutOfMemory(const WorkerEnd& end, const PageBudget& budget) {
  return (WIFEXITED(end.wait_status) &&
          WEXITSTATUS(end.wait_status) == kExitOutOfMemory) ||
         WasKilledByOthers(end) ||
         (WIFSIGNALED(end.wait_status) &&
          end.grown_bytes > budget.memory_bytes / 10 * 9);
}

std::string HowItDied(int wait_status) {
  if (WIFSIGNALED(wait_status)) {
    const int signal_number = WTERMSIG(wait_status);
    const char* name = sigabbrev_np(signal_number);
    return name == nullptr ? absl::StrCat("of signal ", signal_number)
                           : absl::StrCat("of SIG", name);
  }
  return absl::StrCat("with exit status ", WEXITSTATUS(wait_status));
}

PageVerdict Verdict(v1::DeadLetterReason reason, std::string message) {
  PageVerdict verdict;
  verdict.reason = reason;
  verdict.message = std::move(message);
  return verdict;
}

}  // namespace

std::optional<Breach> BreachOf(const PageUse& use, const PageBudget& budget) {
  if (use.cpu > budget.cpu) return Breach::kCpu;
  if (use.wall > budget.wall) return Breach::kWall;
  return std::nullopt;
}

PageVerdict VerdictOf(const WorkerEnd& end, const PageBudget& budget) {
  if (end.breach == Breach::kCpu) {
    return Verdict(
        v1::DEAD_LETTER_REASON_TIMED_OUT,
        absl::StrCat("reading the page took more than ",
                     absl::FormatDuration(budget.cpu), " of CPU time"));
  }
  if (end.breach == Breach::kWall) {
    return Verdict(v1::DEAD_LETTER_REASON_TIMED_OUT,
                   absl::StrCat("reading the page took longer than ",
                                absl::FormatDuration(budget.wall)));
  }
  if (RanOutOfMemory(end, budget)) {
    return Verdict(v1::DEAD_LETTER_REASON_OUT_OF_MEMORY,
                   absl::StrCat("reading the page took more than ",
                                budget.memory_bytes, " bytes of memory"));
  }
  return Verdict(v1::DEAD_LETTER_REASON_CRASHED,
                 absl::StrCat("the worker that read the page died ",
                              HowItDied(end.wait_status)));
}

bool DeservesAnotherTry(const WorkerEnd& end, bool had_read_others) {
  return !end.breach.has_value() && (had_read_others || WasKilledByOthers(end));
}

}  // namespace dateline
