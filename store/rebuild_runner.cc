#include "store/rebuild_runner.h"

#include <utility>

#include "absl/time/clock.h"
#include "common/log.h"

namespace dateline::store {
namespace {

constexpr absl::Duration kPause = absl::Seconds(1);

// To the very end: what was served before must not be missing for a moment.
IngestOptions ToTheEnd(IngestOptions options) {
  options.max_lag = 0;
  return options;
}

}  // namespace

RebuildRunner::RebuildRunner(RebuildFactory start, ConsumerFactory factory,
                             IngestOptions options, std::function<void()> pause,
                             std::function<void()> resume)
    : start_(std::move(start)),
      factory_(std::move(factory)),
      options_(ToTheEnd(std::move(options))),
      pause_(std::move(pause)),
      resume_(std::move(resume)) {}

RebuildRunner::~RebuildRunner() { Stop(); }

void RebuildRunner::Start() {
  thread_ = std::thread([this] { Run(); });
}

void RebuildRunner::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
  }
  if (thread_.joinable()) thread_.join();
}

std::unique_ptr<Rebuild> RebuildRunner::Begin() {
  bool told = false;
  while (true) {
    absl::StatusOr<std::unique_ptr<Rebuild>> rebuild = start_();
    if (rebuild.ok()) return *std::move(rebuild);
    const bool again = absl::IsUnavailable(rebuild.status()) ||
                       absl::IsResourceExhausted(rebuild.status());
    if (!again || !told) {
      LogWarning(again ? "waiting to rebuild" : "can't rebuild",
                 {{"reason", rebuild.status().ToString()}});
    }
    told = true;
    absl::MutexLock lock(&mutex_);
    if (!again ||
        mutex_.AwaitWithTimeout(absl::Condition(&stopping_), kPause)) {
      return nullptr;
    }
  }
}

bool RebuildRunner::Fill(Rebuild& rebuild) {
  Ingest ingest(factory_, options_, rebuild.repository(), metrics_,
                {.caught_up = [this](bool caught_up) {
                  absl::MutexLock lock(&mutex_);
                  caught_up_ = caught_up;
                }});
  ingest.Start();
  {
    const auto due = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return caught_up_ || stopping_;
    };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&due));
  }
  ingest.Stop();
  absl::MutexLock lock(&mutex_);
  return !stopping_;
}

void RebuildRunner::Run() {
  const absl::Time begin = absl::Now();
  const std::unique_ptr<Rebuild> rebuild = Begin();
  if (rebuild == nullptr) return;
  LogInfo("rebuilding from the first offset, beside what is served");
  if (!Fill(*rebuild)) return;
  pause_();
  const absl::Status status = rebuild->SwitchOver();
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
