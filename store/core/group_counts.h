#ifndef DATELINE_STORE_CORE_GROUP_COUNTS_H_
#define DATELINE_STORE_CORE_GROUP_COUNTS_H_

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/node_hash_map.h"
#include "absl/strings/string_view.h"
#include "dateline/v1/article_store_service.pb.h"

namespace dateline::store {

// Counts articles by one or two groupings and tells the groups as
// ArticleRepository::Aggregate promises.
class GroupCounts {
 public:
  // `groupings`: one or two, outer first.
  explicit GroupCounts(std::vector<v1::AggregateGrouping> groupings)
      : groupings_(std::move(groupings)) {}

  // Adds `count` articles to the group `outer`. An empty name stands for no
  // value.
  void AddOuter(absl::string_view outer, int64_t count);
  // Adds them to its group `inner`, where there are two groupings.
  void AddInner(absl::string_view outer, absl::string_view inner,
                int64_t count);

  // Groups, other_count and missing_count; total_count is the caller's to set.
  v1::AggregateArticlesResponse Top(int top) const;

 private:
  struct Inner {
    int64_t count = 0;
    int64_t missing = 0;
    absl::flat_hash_map<std::string, int64_t> counts = {};
  };

  Inner& Group(absl::string_view outer);

  const std::vector<v1::AggregateGrouping> groupings_;
  absl::node_hash_map<std::string, Inner> groups_;
  int64_t missing_ = 0;
  // Where the last count went: neighbours are often of one group.
  std::string last_outer_;
  Inner* last_ = nullptr;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_GROUP_COUNTS_H_
