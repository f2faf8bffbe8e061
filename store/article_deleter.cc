#include "store/article_deleter.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/cloud_event.h"

namespace dateline::store {
namespace {

// Without a value the type and the content type say what is taken back.
kafka::OutgoingRecord Tombstone(const std::string& topic,
                                const std::string& uid, absl::Time now) {
  CloudEvent event;
  event.id = absl::StrCat("delete/", uid, "/", absl::ToUnixMicros(now));
  event.source = "/dateline/store";
  event.type = "dateline.v1.Article";
  event.subject = uid;
  event.time = now;
  return {.topic = topic,
          .partition = {},
          .key = uid,
          .value = std::nullopt,
          .headers = CloudEventHeaders(event)};
}

}  // namespace

ArticleDeleter::ArticleDeleter(std::unique_ptr<kafka::Producer> producer,
                               std::string topic, absl::Duration patience)
    : producer_(std::move(producer)),
      topic_(std::move(topic)),
      patience_(patience),
      thread_([this] { Run(); }) {}

ArticleDeleter::~ArticleDeleter() {
  // Confirms what is open.
  producer_.reset();
  {
    absl::MutexLock lock(&mutex_);
    for (Pending& pending : pending_) {
      over_.emplace_back(std::move(pending.done), absl::OkStatus());
    }
    pending_.clear();
    stopping_ = true;
  }
  thread_.join();
}

void ArticleDeleter::Delete(const std::string& uid, Done done) {
  Entry entry;
  {
    absl::MutexLock lock(&mutex_);
    entry =
        pending_.insert(pending_.end(), {.uid = uid, .done = std::move(done)});
  }
  producer_->Send(Tombstone(topic_, uid, absl::Now()),
                  [this, entry](const absl::Status& status) {
                    OnConfirmed(entry, status);
                  });
}

void ArticleDeleter::OnConfirmed(Entry entry, const absl::Status& status) {
  absl::MutexLock lock(&mutex_);
  entry->confirmed = true;
  if (status.ok() && !entry->applied) {
    entry->deadline = absl::Now() + patience_;
    return;
  }
  over_.emplace_back(std::move(entry->done), status);
  pending_.erase(entry);
}

void ArticleDeleter::OnApplied(const ArticleBatch& batch) {
  absl::MutexLock lock(&mutex_);
  if (pending_.empty()) return;
  for (const ArticleChange& change : batch.changes) {
    if (change.article.has_value()) continue;
    for (auto entry = pending_.begin(); entry != pending_.end();) {
      entry->applied |= entry->uid == change.uid;
      if (!entry->applied || !entry->confirmed) {
        ++entry;
        continue;
      }
      over_.emplace_back(std::move(entry->done), absl::OkStatus());
      entry = pending_.erase(entry);
    }
  }
}

void ArticleDeleter::Run() {
  const auto work = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !over_.empty();
  };
  absl::MutexLock lock(&mutex_);
  while (!stopping_ || !over_.empty()) {
    absl::Time deadline = absl::InfiniteFuture();
    for (const Pending& pending : pending_) {
      deadline = std::min(deadline, pending.deadline);
    }
    // A deadline comes with a confirmation, which is at least a wake-up away:
    // looks at them once a second.
    mutex_.AwaitWithDeadline(
        absl::Condition(&work),
        std::min(deadline, absl::Now() + absl::Seconds(1)));
    const absl::Time now = absl::Now();
    for (auto entry = pending_.begin(); entry != pending_.end();) {
      if (entry->deadline > now) {
        ++entry;
        continue;
      }
      over_.emplace_back(std::move(entry->done), absl::OkStatus());
      entry = pending_.erase(entry);
    }
    std::list<std::pair<Done, absl::Status>> over;
    over.swap(over_);
    mutex_.Unlock();
    for (auto& [done, status] : over) done(status);
    mutex_.Lock();
  }
}

}  // namespace dateline::store
