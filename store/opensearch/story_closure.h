#ifndef DATELINE_STORE_OPENSEARCH_STORY_CLOSURE_H_
#define DATELINE_STORE_OPENSEARCH_STORY_CLOSURE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dateline::store {

// What a document says of an article's part in a story.
struct StoryMember {
  std::string uid = {};
  // near_duplicate.h's.
  std::string signature = {};
  std::optional<int64_t> publish_us = {};
  // As stored: the story it is in, and, where it is the head, the story's size
  // and last publish time.
  std::string story_uid = {};
  std::optional<int64_t> story_count = {};
  std::optional<int64_t> story_last_us = {};
  // Of the document, for a write that must not come behind another one's.
  int64_t seq_no = 0;
  int64_t primary_term = 0;
};

// Finds the whole stories of some articles: the caller adds articles and looks
// for others that share bands with them, until there are no more bands to ask
// for. What a story is stands at ArticleRepository::ListStories.
class StoryClosure {
 public:
  // Articles whose stories are wanted.
  void AddSeeds(std::vector<StoryMember> members);
  // Articles that share a band with one that is in. One that is no
  // near-duplicate of any waits for one that it is.
  void AddNeighbours(std::vector<StoryMember> members);

  // The bands of what came in that were not taken before.
  std::vector<int64_t> TakeBands();

  // Those whose stored part in a story isn't what it should be, with what it
  // should be.
  std::vector<StoryMember> Corrections() const;

 private:
  void Take(StoryMember member);
  bool HasNeighbour(const StoryMember& candidate) const;
  // Each a story, by uid, ascending.
  std::vector<std::vector<const StoryMember*>> Components() const;

  std::map<std::string, StoryMember> members_;
  std::map<std::string, StoryMember> waiting_;
  std::map<int64_t, std::vector<std::string>> by_band_;
  std::set<int64_t> taken_;
  std::vector<int64_t> bands_;
};

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_STORY_CLOSURE_H_
