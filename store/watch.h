#ifndef DATELINE_STORE_WATCH_H_
#define DATELINE_STORE_WATCH_H_

#include <atomic>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "dateline/v1/article_store_service.pb.h"
#include "store/core/filter/condition.h"
#include "store/core/recent_arrivals.h"
#include "store/topic_reader.h"

namespace dateline::store {

// Where a watch's answers go.
class WatchSink {
 public:
  virtual ~WatchSink() = default;

  // Waits until the answer is on its way; false where nobody reads any more.
  virtual bool Send(const v1::WatchArticlesResponse& response) = 0;
};

// What watches share.
struct WatchSource {
  // Makes consumers for watches that are behind RecentArrivals.
  ConsumerFactory factory = {};
  std::string topic = {};
  // After this long without an article a sign of life is sent, with a token.
  absl::Duration sign_of_life = absl::Seconds(30);
};

// One run of WatchArticles: every record of the topic behind where it began,
// once, in the order of its partition. Its place is a set of offsets; as long
// as that is within RecentArrivals it reads there, else, after a resume token
// from long ago or behind a slow reader, it reads the topic itself until it is.
// So a slow reader holds up nobody, and costs no queue.
class Watch {
 public:
  // Where `from` is set, begins there, else at the topic's end. Articles that
  // aren't under `filter` are passed by; what is taken back is always told, as
  // nobody knows any more what it was. `source` and `recent` must outlive this
  // object.
  Watch(const WatchSource& source, RecentArrivals& recent,
        std::optional<Offsets> from, google::protobuf::FieldMask read_mask,
        filter::Condition filter = {});

  // Sends until Cancel. kCancelled after that, or where the sink is closed;
  // kUnavailable where the broker is away, to be tried again with the last
  // token; kOutOfRange where the token's place is no longer in the topic.
  absl::Status Run(WatchSink& sink);

  // From any thread.
  void Cancel();

 private:
  absl::Status FollowRecent(WatchSink& sink);
  absl::Status CatchUp(WatchSink& sink);
  absl::Status SendChange(const ArticleChange& change, int64_t backlog,
                          WatchSink& sink);
  absl::Status SendSignOfLife(WatchSink& sink);
  // Where nothing was sent for long, as nothing was under the filter.
  absl::Status SendSignOfLifeIfDue(WatchSink& sink);
  absl::Status Send(v1::WatchArticlesResponse& response, WatchSink& sink);
  void AdvanceTo(const Offsets& offsets);

  const WatchSource& source_;
  RecentArrivals& recent_;
  const google::protobuf::FieldMask read_mask_;
  const filter::Condition filter_;
  const bool from_now_;
  RecentArrivals::Reader place_;
  absl::Time last_sent_ = absl::InfinitePast();
  std::atomic<bool> cancelled_ = false;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_WATCH_H_
