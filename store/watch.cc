#include "store/watch.h"

#include <memory>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "store/core/decode_record.h"
#include "store/core/filter/evaluator.h"
#include "store/core/read_mask.h"
#include "store/core/resume_token.h"

namespace dateline::store {
namespace {

constexpr size_t kMaxChanges = 100;
constexpr absl::Duration kPollWait = absl::Milliseconds(100);

}  // namespace

Watch::Watch(const WatchSource& source, RecentArrivals& recent,
             std::optional<Offsets> from, google::protobuf::FieldMask read_mask,
             filter::Condition filter)
    : source_(source),
      recent_(recent),
      read_mask_(std::move(read_mask)),
      filter_(std::move(filter)),
      from_now_(!from.has_value()),
      place_{.offsets = from.value_or(Offsets())} {}

void Watch::Cancel() {
  cancelled_ = true;
  recent_.Wake();
}

absl::Status Watch::Run(WatchSink& sink) {
  absl::Status status;
  last_sent_ = absl::Now();
  if (from_now_) {
    std::optional<Offsets> now = recent_.End();
    if (!now.has_value()) {
      return absl::UnavailableError(
          "the store has not reached Kafka yet; try again");
    }
    place_.offsets = *std::move(now);
    status = SendSignOfLife(sink);
  }
  while (status.ok() && !cancelled_) {
    status =
        recent_.Reaches(place_.offsets) ? FollowRecent(sink) : CatchUp(sink);
  }
  return status.ok() ? absl::CancelledError("the watch was cancelled") : status;
}

// Returns OK where the place is no longer within the recent arrivals.
absl::Status Watch::FollowRecent(WatchSink& sink) {
  while (!cancelled_) {
    const RecentArrivals::Batch batch =
        recent_.Read(place_, kMaxChanges, source_.sign_of_life, cancelled_);
    if (batch.behind || cancelled_) break;
    auto backlog = batch.backlog + static_cast<int64_t>(batch.changes.size());
    for (const std::shared_ptr<const ArticleChange>& change : batch.changes) {
      absl::Status status = SendChange(*change, --backlog, sink);
      if (!status.ok()) return status;
    }
    if (batch.end.has_value()) AdvanceTo(*batch.end);
    absl::Status status =
        batch.timed_out ? SendSignOfLife(sink) : SendSignOfLifeIfDue(sink);
    if (!status.ok()) return status;
  }
  return absl::OkStatus();
}

// Returns OK where the place is within the recent arrivals.
absl::Status Watch::CatchUp(WatchSink& sink) {
  TopicReader reader(source_.factory, source_.topic);
  absl::Status status = reader.Open({.offsets = place_.offsets});
  while (status.ok() && !cancelled_ && !recent_.Reaches(place_.offsets)) {
    absl::StatusOr<std::vector<kafka::Record>> records =
        reader.Poll(kMaxChanges, kPollWait);
    if (!records.ok()) return records.status();
    const int64_t behind = Distance(reader.offsets(), reader.ends());
    auto backlog = behind + static_cast<int64_t>(records->size());
    for (const kafka::Record& record : *records) {
      --backlog;
      const absl::StatusOr<ArticleChange> change = DecodeRecord(record);
      if (!change.ok()) continue;
      status = SendChange(*change, backlog, sink);
      if (!status.ok()) return status;
    }
    AdvanceTo(reader.offsets());
    status = SendSignOfLifeIfDue(sink);
  }
  return status;
}

absl::Status Watch::SendChange(const ArticleChange& change, int64_t backlog,
                               WatchSink& sink) {
  Advance(place_.offsets, change.partition.partition, change.offset + 1);
  if (change.article.has_value() &&
      !filter::Matches(filter_, *change.article)) {
    return absl::OkStatus();
  }
  v1::WatchArticlesResponse response;
  if (change.article.has_value()) {
    *response.mutable_article() = *change.article;
    ApplyReadMask(read_mask_, *response.mutable_article());
  } else {
    response.set_deleted_uid(change.uid);
  }
  response.set_backlog(backlog);
  return Send(response, sink);
}

absl::Status Watch::SendSignOfLife(WatchSink& sink) {
  v1::WatchArticlesResponse response;
  return Send(response, sink);
}

absl::Status Watch::SendSignOfLifeIfDue(WatchSink& sink) {
  return absl::Now() - last_sent_ >= source_.sign_of_life ? SendSignOfLife(sink)
                                                          : absl::OkStatus();
}

absl::Status Watch::Send(v1::WatchArticlesResponse& response, WatchSink& sink) {
  last_sent_ = absl::Now();
  response.set_resume_token(MakeResumeToken(source_.topic, place_.offsets));
  return sink.Send(response) ? absl::OkStatus()
                             : absl::CancelledError("the client has gone");
}

void Watch::AdvanceTo(const Offsets& offsets) {
  for (const auto& [partition, next] : offsets) {
    Advance(place_.offsets, partition, next);
  }
}

}  // namespace dateline::store
