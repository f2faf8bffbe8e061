#include "store/sqlite/damage_log.h"

#include "common/log.h"
#include "store/core/serialized_article.h"

namespace dateline::store {
namespace {

constexpr size_t kMostTold = 1000;

}  // namespace

void DamageLog::Tell(const std::vector<std::string>& uids) {
  for (const std::string& uid : uids) {
    {
      absl::MutexLock lock(&mutex_);
      if (told_.size() >= kMostTold || !told_.insert(uid).second) continue;
    }
    LogError("an article is damaged, and left out of answers",
             {{"uid", uid}, {"error", DamagedArticle(uid).message()}});
  }
}

void DamageLog::Clear() {
  absl::MutexLock lock(&mutex_);
  told_.clear();
}

}  // namespace dateline::store
