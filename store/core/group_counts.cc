#include "store/core/group_counts.h"

#include <algorithm>
#include <utility>

#include "store/core/grouping.h"

namespace dateline::store {
namespace {

struct Named {
  const std::string* name;
  int64_t count;
};

// The first `top` in the grouping's order, in front.
void Sort(v1::AggregateGrouping grouping, size_t top,
          std::vector<Named>& groups) {
  const auto end = groups.begin() +
                   static_cast<std::ptrdiff_t>(std::min(top, groups.size()));
  const bool by_time = IsTimeGrouping(grouping);
  std::partial_sort(groups.begin(), end, groups.end(),
                    [by_time](const Named& a, const Named& b) {
                      if (by_time) return *a.name > *b.name;
                      if (a.count != b.count) return a.count > b.count;
                      return *a.name < *b.name;
                    });
}

int64_t SumFrom(const std::vector<Named>& groups, size_t begin) {
  int64_t sum = 0;
  for (size_t i = begin; i < groups.size(); ++i) sum += groups[i].count;
  return sum;
}

}  // namespace

GroupCounts::Inner& GroupCounts::Group(absl::string_view outer) {
  if (last_ == nullptr || last_outer_ != outer) {
    last_outer_ = std::string(outer);
    last_ = &groups_[last_outer_];
  }
  return *last_;
}

void GroupCounts::AddOuter(absl::string_view outer, int64_t count) {
  if (outer.empty()) {
    missing_ += count;
  } else {
    Group(outer).count += count;
  }
}

void GroupCounts::AddInner(absl::string_view outer, absl::string_view inner,
                           int64_t count) {
  if (outer.empty()) return;
  Inner& group = Group(outer);
  if (inner.empty()) {
    group.missing += count;
  } else {
    group.counts[inner] += count;
  }
}

v1::AggregateArticlesResponse GroupCounts::Top(int top) const {
  const auto most = static_cast<size_t>(top);
  std::vector<Named> outer;
  for (const auto& [name, group] : groups_) {
    outer.push_back({&name, group.count});
  }
  Sort(groupings_[0], most, outer);
  v1::AggregateArticlesResponse response;
  response.set_missing_count(missing_);
  response.set_other_count(SumFrom(outer, std::min(most, outer.size())));
  for (size_t i = 0; i < std::min(most, outer.size()); ++i) {
    const Inner& counted = groups_.at(*outer[i].name);
    v1::AggregateGroup& group = *response.add_groups();
    group.set_value(*outer[i].name);
    group.set_count(outer[i].count);
    if (groupings_.size() < 2) continue;
    group.set_missing_count(counted.missing);
    std::vector<Named> inner;
    for (const auto& [name, count] : counted.counts) {
      inner.push_back({&name, count});
    }
    Sort(groupings_[1], most, inner);
    group.set_other_count(SumFrom(inner, std::min(most, inner.size())));
    for (size_t j = 0; j < std::min(most, inner.size()); ++j) {
      v1::AggregateGroup& within = *group.add_groups();
      within.set_value(*inner[j].name);
      within.set_count(inner[j].count);
    }
  }
  return response;
}

}  // namespace dateline::store
