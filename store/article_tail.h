#ifndef DATELINE_STORE_ARTICLE_TAIL_H_
#define DATELINE_STORE_ARTICLE_TAIL_H_

#include <string>

#include "absl/status/status.h"
#include "store/core/recent_arrivals.h"
#include "store/retry_thread.h"
#include "store/topic_reader.h"

namespace dateline::store {

// Reads the articles topic from its end on into RecentArrivals, for all watches
// of this replica. Apart from the ingest, so that watches are live while the
// store is still catching up or its database is busy.
class ArticleTail {
 public:
  // `recent` must outlive this object, and is begun by it.
  ArticleTail(ConsumerFactory factory, std::string topic,
              RecentArrivals& recent);

  void Start() { thread_.Start(); }
  void Stop() { thread_.Stop(); }

 private:
  absl::Status Read();

  const ConsumerFactory factory_;
  const std::string topic_;
  RecentArrivals& recent_;
  RetryThread thread_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_ARTICLE_TAIL_H_
