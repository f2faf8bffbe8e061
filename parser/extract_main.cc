// dateline-extract: the parser's core as a filter, NDJSON in and out.

#include <malloc.h>
#include <signal.h>

#include <deque>
#include <future>
#include <iostream>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/flags/flag.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "common/service_main.h"
#include "parser/core/extract_line.h"
#include "parser/rules_folder.h"

ABSL_FLAG(int, threads, 1,
          "Pages to extract at once; answers keep their order");
ABSL_FLAG(bool, explain, false,
          "Add \"blocks\" to each answer: every block of the page, whether it "
          "was kept, and why");

namespace {

constexpr size_t kQueuedPerThread = 4;

// Hands lines to threads and their answers back in order.
class OrderedPool {
 public:
  // `rules` must outlive the pool.
  OrderedPool(int threads, bool explain, const dateline::SiteRules& rules)
      : explain_(explain), rules_(rules) {
    for (int i = 0; i < threads; ++i) {
      workers_.emplace_back([this] { Work(); });
    }
    writer_ = std::thread([this] { Write(); });
  }

  void Submit(std::string line) {
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(this, &OrderedPool::HasRoom));
    tasks_.emplace_back([this, text = std::move(line)] {
      return dateline::ExtractLine(text, explain_, &rules_);
    });
    answers_.push_back(tasks_.back().get_future());
  }

  // Waits until every answer is written.
  void Finish() {
    {
      absl::MutexLock lock(&mutex_);
      done_ = true;
    }
    for (std::thread& worker : workers_) worker.join();
    writer_.join();
  }

 private:
  using Task = std::packaged_task<std::string()>;

  bool HasRoom() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return answers_.size() < kQueuedPerThread * workers_.size();
  }
  bool HasTask() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return done_ || !tasks_.empty();
  }
  bool HasAnswer() const ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return done_ || !answers_.empty();
  }

  void Work() {
    while (true) {
      Task task;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &OrderedPool::HasTask));
        if (tasks_.empty()) return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }

  void Write() {
    while (true) {
      std::future<std::string> answer;
      {
        absl::MutexLock lock(&mutex_);
        mutex_.Await(absl::Condition(this, &OrderedPool::HasAnswer));
        if (answers_.empty()) return;
        answer = std::move(answers_.front());
        answers_.pop_front();
      }
      std::cout << answer.get() << '\n' << std::flush;
    }
  }

  const bool explain_;
  const dateline::SiteRules& rules_;
  absl::Mutex mutex_;
  std::deque<Task> tasks_ ABSL_GUARDED_BY(mutex_);
  std::deque<std::future<std::string>> answers_ ABSL_GUARDED_BY(mutex_);
  bool done_ ABSL_GUARDED_BY(mutex_) = false;
  std::vector<std::thread> workers_;
  std::thread writer_;
};

}  // namespace

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-extract: reads pages as NDJSON "
                     "{\"id\",\"url\",\"html_base64\"} "
                     "on standard input "
                     "and writes one article a line.");
  // A filter ends at once when it is told to.
  sigset_t none;
  sigemptyset(&none);
  pthread_sigmask(SIG_SETMASK, &none, nullptr);
  std::ios::sync_with_stdio(false);
  // Each page takes and gives back a few megabytes: keep them.
  mallopt(M_MMAP_THRESHOLD, 64 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
  const int threads = absl::GetFlag(FLAGS_threads);
  const bool explain = absl::GetFlag(FLAGS_explain);
  if (threads < 1 || threads > 256) {
    std::cerr << "--threads must be 1 to 256\n";
    return 1;
  }
  const absl::StatusOr<dateline::SiteRules> rules =
      dateline::SiteRulesFromFlags();
  if (!rules.ok()) {
    return dateline::FailMain("dateline-extract", rules.status());
  }
  std::string line;
  if (threads == 1) {
    while (std::getline(std::cin, line)) {
      std::cout << dateline::ExtractLine(line, explain, &*rules) << '\n'
                << std::flush;
    }
    return 0;
  }
  OrderedPool pool(threads, explain, *rules);
  while (std::getline(std::cin, line)) pool.Submit(std::move(line));
  pool.Finish();
  return 0;
}
