#include "common/source_labels.h"

namespace dateline {

std::string SourceLabels::Of(const std::string& name,
                             const std::function<bool()>& exists) {
  if (name.empty()) return kNone;
  if (names_.contains(name)) return name;
  if (names_.size() >= most_ || !exists()) return kOther;
  names_.insert(name);
  return name;
}

}  // namespace dateline
