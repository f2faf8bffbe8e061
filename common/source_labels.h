#ifndef DATELINE_COMMON_SOURCE_LABELS_H_
#define DATELINE_COMMON_SOURCE_LABELS_H_

#include <cstddef>
#include <functional>
#include <string>

#include "absl/container/flat_hash_set.h"

namespace dateline {

// The metric labels of sources. Each of the first `most` sources has its name;
// all others, and names that are no source's, which anyone may give with a URL,
// share "other". URLs that no source named have "none". Not thread-safe.
class SourceLabels {
 public:
  static constexpr char kNone[] = "none";
  static constexpr char kOther[] = "other";

  explicit SourceLabels(size_t most) : most_(most) {}

  // `exists` says whether `name` is a source; it is asked only for names that
  // have no label yet.
  std::string Of(const std::string& name, const std::function<bool()>& exists);

 private:
  const size_t most_;
  absl::flat_hash_set<std::string> names_;
};

}  // namespace dateline

#endif  // DATELINE_COMMON_SOURCE_LABELS_H_
