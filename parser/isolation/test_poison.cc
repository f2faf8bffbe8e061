#include "parser/isolation/test_poison.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/socket.h>

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <string>
#include <vector>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/notification.h"
#include "absl/time/time.h"

namespace dateline {
namespace {

[[noreturn]] void Hang() {
  for (std::atomic<unsigned> turns = 0;; ++turns) {
  }
}

[[noreturn]] void TakeMemory() {
  constexpr size_t kPiece = size_t{1} << 20;
  std::vector<std::string> taken;
  while (true) taken.push_back(std::string(kPiece, 'x'));
}

}  // namespace

void ActOnPoison(const PageTask& task) {
  if (task.raw_page == nullptr) return;
  const absl::string_view page = *task.raw_page;
  const auto says = [page](absl::string_view what) {
    return absl::StrContains(page, absl::StrCat("dateline-test-poison:", what));
  };
  if (says("crash")) std::raise(SIGSEGV);
  if (says("hang")) Hang();
  if (says("memory")) TakeMemory();
  if (says("socket")) socket(AF_INET, SOCK_STREAM, 0);
  if (says("file") && open("/etc/hostname", O_RDONLY) >= 0) std::abort();
  if (says("sleep")) absl::Notification().WaitForNotification();
  if (says("slow")) {
    absl::Notification().WaitForNotificationWithTimeout(
        absl::Milliseconds(500));
  }
}

}  // namespace dateline
