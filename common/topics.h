#ifndef DATELINE_COMMON_TOPICS_H_
#define DATELINE_COMMON_TOPICS_H_

#include <string>

#include "absl/strings/string_view.h"

namespace dateline {

// The names of Dateline's topics under one prefix. What they hold stands in
// deploy/topics.json.
struct TopicNames {
  explicit TopicNames(absl::string_view prefix);

  std::string sources;
  std::string frontier;
  std::string imports;
  std::string pages;
  std::string pages_backfill;
  std::string articles;
  std::string dead_letters;
};

}  // namespace dateline

#endif  // DATELINE_COMMON_TOPICS_H_
