#ifndef DATELINE_STORE_OPENSEARCH_ARTICLE_STATE_H_
#define DATELINE_STORE_OPENSEARCH_ARTICLE_STATE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "common/kafka/record.h"
#include "nlohmann/json.hpp"
#include "store/core/article_repository.h"

namespace dateline::store {

// What is stored of one uid.
struct ArticleState {
  // Behind the last record that changed this.
  kafka::Position applied = {};
  // Taken back: nothing below holds but `story_uid`, of the story it leaves.
  bool deleted = false;
  v1::Article article = {};
  // Of the version that its text came with.
  int64_t text_version = 0;
  std::optional<int64_t> text_fetch_us = {};
  int64_t first_seen_us = 0;
  int64_t last_seen_us = 0;
  int64_t seen_count = 0;
  int64_t revision_count = 0;
  // The story it was last found to belong to, and, where it is that story's
  // head, the story's size and last publish time.
  std::string story_uid = {};
  std::optional<int64_t> story_count = {};
  std::optional<int64_t> story_last_us = {};
};

// What records make of a state.
struct Folded {
  // None where there was none and the records made none.
  std::optional<ArticleState> state = {};
  // `state` has to be written.
  bool changed = false;
  // Texts that the article no longer has.
  std::vector<v1::Revision> archived = {};
  // All revisions archived earlier have to go.
  bool forget_archived = false;
  ApplyCounts counts = {};
};

// Applies `changes`, all of one uid and in the order of their partition, by the
// rule of Decide. Those that `before` already has are left out and not counted,
// so that folding again changes nothing.
Folded Fold(std::optional<ArticleState> before,
            const std::vector<const ArticleChange*>& changes);

// The text that the article has, as a revision.
v1::Revision LastRevision(const ArticleState& state);

// The publish time, where there is one.
std::optional<int64_t> PublishMicros(const v1::Article& article);

v1::ArticleHistory HistoryOf(const ArticleState& state);

// `_source` of the article's document, and back. kDataLoss where it can't be
// read.
nlohmann::json ToDocument(absl::string_view uid, const ArticleState& state);
absl::StatusOr<ArticleState> ToState(const nlohmann::json& source);

// The fields that ToState reads.
std::vector<std::string> StateFields();

// Base64 in a field, decoded. kDataLoss where it is none.
absl::StatusOr<std::string> DecodeField(const nlohmann::json& source,
                                        const char* name);
std::string Encode(absl::string_view bytes);

// `_id`s, which have at most 512 bytes.
std::string ArticleId(absl::string_view uid);
std::string RevisionId(absl::string_view uid, int64_t version);
std::string PositionId(const kafka::TopicPartition& partition);

}  // namespace dateline::store

#endif  // DATELINE_STORE_OPENSEARCH_ARTICLE_STATE_H_
