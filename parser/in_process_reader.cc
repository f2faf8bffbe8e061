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
    queue_.clear();
  }
  for (std::thread& thread : threads_) thread.join();
}

void InProcessReader::Read(PageTask task, Done done) {
  absl::MutexLock lock(&mutex_);
  queue_.emplace_back(std::move(task), std::move(done));
}

void InProcessReader::DropQueued() {
  absl::MutexLock lock(&mutex_);
  queue_.clear();
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
      next = std::move(queue_.front());
      queue_.pop_front();
    }
    next.second(JudgePage(next.first, rules_));
  }
}

}  // namespace dateline
