#include "store/opensearch/story_closure.h"

#include <algorithm>
#include <utility>

#include "store/core/near_duplicate.h"

namespace dateline::store {
namespace {

// What `member` should say as one of the story `members`, by uid, ascending.
StoryMember Corrected(const StoryMember& member,
                      const std::vector<const StoryMember*>& members) {
  StoryMember corrected = member;
  corrected.story_uid = members.front()->uid;
  corrected.story_count.reset();
  corrected.story_last_us.reset();
  if (member.uid != corrected.story_uid) return corrected;
  corrected.story_count = static_cast<int64_t>(members.size());
  for (const StoryMember* other : members) {
    corrected.story_last_us =
        std::max(corrected.story_last_us, other->publish_us);
  }
  return corrected;
}

bool SaysTheSame(const StoryMember& a, const StoryMember& b) {
  return a.story_uid == b.story_uid && a.story_count == b.story_count &&
         a.story_last_us == b.story_last_us;
}

}  // namespace

size_t StoryClosure::GroupOf(const StoryMember& member) {
  const std::vector<int64_t> bands = BandsOf(member.signature);
  if (!bands.empty()) {
    const auto [known, is_new] =
        by_signature_.try_emplace(member.signature, groups_.size());
    if (!is_new) return known->second;
  }
  for (const int64_t band : bands) {
    by_band_[band].push_back(groups_.size());
    if (taken_.insert(band).second) bands_.push_back(band);
  }
  groups_.push_back({.signature = member.signature});
  return groups_.size() - 1;
}

void StoryClosure::Take(StoryMember member) {
  groups_[GroupOf(member)].uids.push_back(member.uid);
  members_.emplace(member.uid, std::move(member));
}

void StoryClosure::AddSeeds(std::vector<StoryMember> members) {
  for (StoryMember& member : members) {
    if (!members_.contains(member.uid)) Take(std::move(member));
  }
}

void StoryClosure::AddNeighbours(std::vector<StoryMember> members) {
  for (StoryMember& member : members) {
    if (members_.contains(member.uid)) continue;
    waiting_[member.signature].emplace(member.uid, std::move(member));
  }
  for (bool more = true; more;) {
    more = false;
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (!HasNeighbour(it->first)) {
        ++it;
        continue;
      }
      for (auto& [uid, member] : it->second) Take(std::move(member));
      it = waiting_.erase(it);
      more = true;
    }
  }
}

bool StoryClosure::HasNeighbour(const std::string& signature) const {
  if (by_signature_.contains(signature)) return true;
  for (const int64_t band : BandsOf(signature)) {
    const auto found = by_band_.find(band);
    if (found == by_band_.end()) continue;
    for (const size_t group : found->second) {
      if (AreNearDuplicates(groups_[group].signature, signature)) return true;
    }
  }
  return false;
}

std::vector<int64_t> StoryClosure::TakeBands() {
  return std::exchange(bands_, {});
}

std::vector<std::vector<const StoryMember*>> StoryClosure::Components() const {
  const auto by_uid = [](const StoryMember* a, const StoryMember* b) {
    return a->uid < b->uid;
  };
  std::vector<std::vector<const StoryMember*>> components;
  std::vector<bool> seen(groups_.size());
  for (size_t first = 0; first < groups_.size(); ++first) {
    if (seen[first]) continue;
    std::vector<const StoryMember*> component;
    for (const size_t group : Reach(first, seen)) {
      for (const std::string& uid : groups_[group].uids) {
        component.push_back(&members_.at(uid));
      }
    }
    std::sort(component.begin(), component.end(), by_uid);
    components.push_back(std::move(component));
  }
  std::sort(components.begin(), components.end(),
            [&](const auto& a, const auto& b) {
              return by_uid(a.front(), b.front());
            });
  return components;
}

std::vector<size_t> StoryClosure::Reach(size_t first,
                                        std::vector<bool>& seen) const {
  std::vector<size_t> reached = {first};
  seen[first] = true;
  for (size_t i = 0; i < reached.size(); ++i) {
    const std::string& signature = groups_[reached[i]].signature;
    for (const int64_t band : BandsOf(signature)) {
      for (const size_t other : by_band_.at(band)) {
        if (seen[other] ||
            !AreNearDuplicates(signature, groups_[other].signature)) {
          continue;
        }
        seen[other] = true;
        reached.push_back(other);
      }
    }
  }
  return reached;
}

std::vector<StoryMember> StoryClosure::Corrections() const {
  std::vector<StoryMember> corrections;
  for (const auto& component : Components()) {
    for (const StoryMember* member : component) {
      StoryMember corrected = Corrected(*member, component);
      if (SaysTheSame(*member, corrected)) continue;
      corrections.push_back(std::move(corrected));
    }
  }
  return corrections;
}

}  // namespace dateline::store
