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

void StoryClosure::Take(StoryMember member) {
  for (const int64_t band : BandsOf(member.signature)) {
    by_band_[band].push_back(member.uid);
    if (taken_.insert(band).second) bands_.push_back(band);
  }
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
    waiting_.emplace(member.uid, std::move(member));
  }
  for (bool more = true; more;) {
    more = false;
    for (auto it = waiting_.begin(); it != waiting_.end();) {
      if (!HasNeighbour(it->second)) {
        ++it;
        continue;
      }
      Take(std::move(it->second));
      it = waiting_.erase(it);
      more = true;
    }
  }
}

bool StoryClosure::HasNeighbour(const StoryMember& candidate) const {
  for (const int64_t band : BandsOf(candidate.signature)) {
    const auto found = by_band_.find(band);
    if (found == by_band_.end()) continue;
    for (const std::string& uid : found->second) {
      if (AreNearDuplicates(members_.at(uid).signature, candidate.signature)) {
        return true;
      }
    }
  }
  return false;
}

std::vector<int64_t> StoryClosure::TakeBands() {
  return std::exchange(bands_, {});
}

std::vector<std::vector<const StoryMember*>> StoryClosure::Components() const {
  std::vector<std::vector<const StoryMember*>> components;
  std::set<std::string> seen;
  for (const auto& [first, member] : members_) {
    if (!seen.insert(first).second) continue;
    std::vector<const StoryMember*> component = {&member};
    for (size_t i = 0; i < component.size(); ++i) {
      const std::string& signature = component[i]->signature;
      for (const int64_t band : BandsOf(signature)) {
        for (const std::string& uid : by_band_.at(band)) {
          const StoryMember& other = members_.at(uid);
          if (seen.contains(uid) ||
              !AreNearDuplicates(signature, other.signature)) {
            continue;
          }
          seen.insert(uid);
          component.push_back(&other);
        }
      }
    }
    std::sort(component.begin(), component.end(),
              [](const StoryMember* a, const StoryMember* b) {
                return a->uid < b->uid;
              });
    components.push_back(std::move(component));
  }
  return components;
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
