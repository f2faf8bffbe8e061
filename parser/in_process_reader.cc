#include "parser/in_process_reader.h"

namespace dateline {

InProcessReader::InProcessReader(int threads, const SiteRules* rules)
    : rules_(rules) {
  for (int i = 0; i < threads; ++i) {
    threads_.emplace_back([this] { Run(); });
  }
}

InProcessReader::~InProcessReader() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    queue_.Clear();
  }
  for (std::thread& thread : threads_) thread.join();
}

void InProcessReader::Read(PageTask task, Done done) {
  absl::MutexLock lock(&mutex_);
  const bool can_wait = task.can_wait;
  queue_.Add({std::move(task), std::move(done)}, can_wait);
}

void InProcessReader::DropQueued() {
  absl::MutexLock lock(&mutex_);
  queue_.Clear();
}

void InProcessReader::Run() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  while (true) {
    std::pair<PageTask, Done> next;
    {
      absl::MutexLock lock(&mutex_, absl::Condition(&ready));
      if (stopping_) return;
      next = queue_.Take();
    }
    next.second(JudgePage(next.first, rules_));
  }
}

}  // namespace dateline
