#ifndef DATELINE_STORE_CORE_ARTICLE_CHANGE_H_
#define DATELINE_STORE_CORE_ARTICLE_CHANGE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/kafka/record.h"
#include "dateline/v1/article.pb.h"
#include "google/protobuf/timestamp.pb.h"

namespace dateline::store {

// One record of `articles`, decoded.
struct ArticleChange {
  kafka::TopicPartition partition = {};
  int64_t offset = 0;
  std::string uid = {};
  // None: the article is taken back.
  std::optional<v1::Article> article = {};
};

// What decides what becomes of a change: the stored version of its uid.
struct StoredVersion {
  int64_t version = 0;
  int64_t parse_time_us = 0;
  std::string content_sha256 = {};
};

// What became of a change; each record has exactly one.
enum class ChangeResult {
  kStored,     // a new article, a new text, or a newer reading of the same page
  kSeenAgain,  // the same text as before; the article's other fields are taken
  kStale,      // older than what is stored, or the same, or nothing to delete
  kDeleted,    // taken back
};

struct Decision {
  ChangeResult result = ChangeResult::kStale;
  // The change's article replaces what is stored (or is the first).
  bool write = false;
  // Its text differs from the stored one, so that indexes have to follow.
  bool text_differs = false;
  // It counts in ArticleHistory.seen_count and last_seen_time.
  bool seen = false;
  // It counts in ArticleHistory.revision_count.
  bool revision = false;
};

// The rule for what a record does to what is stored: the greater version wins;
// of one version the later parse wins, as the same page read by a newer parser,
// and counts neither as seen nor as a revision; equal content digests are one
// text; a tombstone deletes whatever is there.
Decision Decide(const std::optional<StoredVersion>& stored,
                const ArticleChange& change);

// Microseconds since the Unix epoch, within what a Timestamp may hold.
int64_t ToMicros(const google::protobuf::Timestamp& time);

}  // namespace dateline::store

#endif  // DATELINE_STORE_CORE_ARTICLE_CHANGE_H_
