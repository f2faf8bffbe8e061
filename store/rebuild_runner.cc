#include "store/rebuild_runner.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/log.h"

namespace dateline::store {
namespace {

// To the very end: what was served before must not be missing for a moment.
IngestOptions ToTheEnd(IngestOptions options) {
  options.max_lag = 0;
  return options;
}

}  // namespace

RebuildRunner::RebuildRunner(std::unique_ptr<Rebuild> rebuild,
                             ConsumerFactory factory, IngestOptions options,
                             std::function<void()> pause,
                             std::function<void()> resume)
    : rebuild_(std::move(rebuild)),
      pause_(std::move(pause)),
      resume_(std::move(resume)),
      ingest_(std::move(factory), ToTheEnd(std::move(options)),
              rebuild_->repository(), metrics_,
              {.caught_up = [this](bool caught_up) {
                absl::MutexLock lock(&mutex_);
                caught_up_ = caught_up;
              }}) {}

RebuildRunner::~RebuildRunner() { Stop(); }

void RebuildRunner::Start() {
  LogInfo("rebuilding from the first offset, beside what is served");
  ingest_.Start();
  thread_ = std::thread([this] { Run(); });
}

void RebuildRunner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
  ingest_.Stop();
}

void RebuildRunner::Run() {
  const absl::Time begin = absl::Now();
  {
    const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return caught_up_ || stopping_;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&due));
    if (stopping_) return;
  }
  ingest_.Stop();
  pause_();
  const absl::Status status = rebuild_->SwitchOver();
  if (status.ok()) {
    LogInfo("rebuilt, and switched over",
            {{"seconds", absl::ToInt64Seconds(absl::Now() - begin)}});
  } else {
    LogError("the rebuilt data can't take the old data's place",
             {{"reason", status.ToString()}});
  }
  resume_();
}

}  // namespace dateline::store
