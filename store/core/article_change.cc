#include "store/core/article_change.h"

#include <algorithm>

namespace dateline::store {

int64_t ToMicros(const google::protobuf::Timestamp& time) {
  // 0001-01-01 to 9999-12-31, as timestamp.proto has it.
  constexpr int64_t kFirstSecond = -62'135'596'800;
  constexpr int64_t kLastSecond = 253'402'300'799;
  const int64_t seconds = std::clamp(time.seconds(), kFirstSecond, kLastSecond);
  const int64_t nanos = std::clamp(time.nanos(), 0, 999'999'999);
  return seconds * 1'000'000 + nanos / 1000;
}

Decision Decide(const std::optional<StoredVersion>& stored,
                const ArticleChange& change) {
  if (!change.article.has_value()) {
    return {.result = stored.has_value() ? ChangeResult::kDeleted
                                         : ChangeResult::kStale};
  }
  const v1::Article& article = *change.article;
  if (!stored.has_value()) {
    return {.result = ChangeResult::kStored,
            .write = true,
            .text_differs = true,
            .seen = true,
            .revision = true};
  }
  if (article.version() < stored->version) return {};
  const bool text_differs = article.content_sha256().empty() ||
                            article.content_sha256() != stored->content_sha256;
  if (article.version() == stored->version) {
    if (ToMicros(article.parse_time()) <= stored->parse_time_us) return {};
    return {.result = ChangeResult::kStored,
            .write = true,
            .text_differs = text_differs};
  }
  return {
      .result = text_differs ? ChangeResult::kStored : ChangeResult::kSeenAgain,
      .write = true,
      .text_differs = text_differs,
      .seen = true,
      .revision = text_differs};
}

}  // namespace dateline::store
