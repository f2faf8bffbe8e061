#include "parser/page_reader.h"

#include <utility>

#include "absl/synchronization/notification.h"

namespace dateline {

PageVerdict ReadAndWait(PageReader& reader, PageTask task) {
  PageVerdict verdict;
  absl::Notification read;
  reader.Read(std::move(task), [&](PageVerdict answer) {
    verdict = std::move(answer);
    read.Notify();
  });
  read.WaitForNotification();
  return verdict;
}

}  // namespace dateline
