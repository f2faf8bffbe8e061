#include "store/opensearch/article_state.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "google/protobuf/util/time_util.h"
#include "store/core/grouping.h"
#include "store/core/indexed_text.h"
#include "store/core/near_duplicate.h"
#include "store/core/revision.h"
#include "store/opensearch/index_fields.h"

namespace dateline::store {
namespace {

using google::protobuf::util::TimeUtil;
using Json = nlohmann::json;

constexpr size_t kLongestUid = 400;

std::optional<int64_t> FetchMicros(const v1::Article& article) {
  if (!article.has_fetch_time()) return std::nullopt;
  return ToMicros(article.fetch_time());
}

bool IsApplied(const ArticleState& state, const ArticleChange& change) {
  return state.applied.partition == change.partition &&
         change.offset < state.applied.offset;
}

std::optional<StoredVersion> VersionOf(
    const std::optional<ArticleState>& state) {
  if (!state.has_value() || state->deleted) return std::nullopt;
  return StoredVersion{.version = state->article.version(),
                       .parse_time_us = ToMicros(state->article.parse_time()),
                       .content_sha256 = state->article.content_sha256()};
}

void MoveOn(const ArticleChange& change, ArticleState& state) {
  state.applied = {change.partition, change.offset + 1};
}

void Delete(const ArticleChange& change, Folded& folded) {
  ArticleState gone = {.deleted = true,
                       .story_uid = std::move(folded.state->story_uid)};
  MoveOn(change, gone);
  folded.state = std::move(gone);
  folded.archived.clear();
  folded.forget_archived = true;
  folded.changed = true;
}

void Begin(const ArticleChange& change, Folded& folded) {
  const v1::Article& article = *change.article;
  const int64_t seen_us = ToMicros(article.fetch_time());
  ArticleState state = {.article = article,
                        .text_version = article.version(),
                        .text_fetch_us = FetchMicros(article),
                        .first_seen_us = seen_us,
                        .last_seen_us = seen_us,
                        .seen_count = 1,
                        .revision_count = 1,
                        .story_uid = change.uid,
                        .story_count = 1,
                        .story_last_us = PublishMicros(article)};
  // Its old story is set right with its new one.
  if (folded.state.has_value() && !folded.state->story_uid.empty() &&
      folded.state->story_uid != change.uid) {
    state.story_uid = folded.state->story_uid;
    state.story_count.reset();
    state.story_last_us.reset();
  }
  MoveOn(change, state);
  folded.state = std::move(state);
  folded.changed = true;
}

void Replace(const ArticleChange& change, const Decision& decision,
             Folded& folded) {
  ArticleState& state = *folded.state;
  const v1::Article& article = *change.article;
  if (decision.revision) {
    folded.archived.push_back(LastRevision(state));
    state.text_version = article.version();
    state.text_fetch_us = FetchMicros(article);
  }
  if (decision.seen) ++state.seen_count;
  if (decision.revision) ++state.revision_count;
  state.last_seen_us =
      std::max(state.last_seen_us, ToMicros(article.fetch_time()));
  state.article = article;
  if (state.story_uid == change.uid && state.story_count == 1) {
    state.story_last_us = PublishMicros(article);
  }
  MoveOn(change, state);
  folded.changed = true;
}

template <typename T>
void Put(const char* name, const T& value, Json& document) {
  if (value != T()) document[name] = value;
}

void PutOptional(const char* name, const std::optional<int64_t>& value,
                 Json& document) {
  if (value.has_value()) document[name] = *value;
}

void PutGroups(const char* name, v1::AggregateGrouping grouping,
               const v1::Article& article, Json& document) {
  std::vector<std::string> groups = GroupsOf(grouping, article);
  if (!groups.empty()) document[name] = std::move(groups);
}

void PutSearchFields(const v1::Article& article, Json& document) {
  for (const v1::AggregateGrouping grouping :
       {v1::AGGREGATE_GROUPING_PUBLISHER, v1::AGGREGATE_GROUPING_DOMAIN,
        v1::AGGREGATE_GROUPING_LANGUAGE, v1::AGGREGATE_GROUPING_SECTION,
        v1::AGGREGATE_GROUPING_AUTHOR, v1::AGGREGATE_GROUPING_KEYWORD,
        v1::AGGREGATE_GROUPING_ARTICLE_TYPE, v1::AGGREGATE_GROUPING_HOUR,
        v1::AGGREGATE_GROUPING_DAY, v1::AGGREGATE_GROUPING_WEEK,
        v1::AGGREGATE_GROUPING_MONTH}) {
    PutGroups(field::OfGrouping(grouping), grouping, article, document);
  }
  if (article.access() != v1::ACCESS_UNSPECIFIED) {
    document[field::kAccess] = v1::Access_Name(article.access());
  }
  PutOptional(field::kPublishTime, PublishMicros(article), document);
  PutOptional(field::kFetchTime, FetchMicros(article), document);
  Put(field::kHeadline, article.headline(), document);
  Put(field::kHeadlineRaw, article.headline(), document);
  Put(field::kBody, IndexedText(article), document);
}

void PutStoryFields(const ArticleState& state, Json& document) {
  if (const std::string signature = SignatureOf(state.article);
      !signature.empty()) {
    document[field::kSignature] = Encode(signature);
    document[field::kBands] = BandsOf(signature);
  }
  PutOptional(field::kStoryCount, state.story_count, document);
  PutOptional(field::kStoryLast, state.story_last_us, document);
}

int64_t Int(const Json& source, const char* name) {
  const auto found = source.find(name);
  return found != source.end() && found->is_number_integer()
             ? found->get<int64_t>()
             : 0;
}

std::optional<int64_t> OptionalInt(const Json& source, const char* name) {
  if (const auto found = source.find(name);
      found != source.end() && found->is_number_integer()) {
    return found->get<int64_t>();
  }
  return std::nullopt;
}

std::string String(const Json& source, const char* name) {
  const auto found = source.find(name);
  return found != source.end() && found->is_string() ? found->get<std::string>()
                                                     : std::string();
}

absl::Status ReadMessage(const Json& source, const char* name,
                         google::protobuf::MessageLite& message) {
  const absl::StatusOr<std::string> bytes = DecodeField(source, name);
  if (!bytes.ok()) return bytes.status();
  return message.ParseFromString(*bytes)
             ? absl::OkStatus()
             : absl::DataLossError("a stored article can't be read");
}

}  // namespace

Folded Fold(std::optional<ArticleState> before,
            const std::vector<const ArticleChange*>& changes) {
  Folded folded = {.state = std::move(before)};
  for (const ArticleChange* change : changes) {
    if (folded.state.has_value() && IsApplied(*folded.state, *change)) continue;
    const Decision decision = Decide(VersionOf(folded.state), *change);
    folded.counts.Add(decision.result);
    if (decision.result == ChangeResult::kDeleted) {
      Delete(*change, folded);
    } else if (decision.write && VersionOf(folded.state).has_value()) {
      Replace(*change, decision, folded);
    } else if (decision.write) {
      Begin(*change, folded);
    }
  }
  return folded;
}

v1::Revision LastRevision(const ArticleState& state) {
  return RevisionOf(
      state.article, state.text_version,
      state.text_fetch_us.value_or(std::numeric_limits<int64_t>::min()));
}

std::optional<int64_t> PublishMicros(const v1::Article& article) {
  if (!article.publish_time().has_time()) return std::nullopt;
  return ToMicros(article.publish_time().time());
}

v1::ArticleHistory HistoryOf(const ArticleState& state) {
  v1::ArticleHistory history;
  *history.mutable_first_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(state.first_seen_us);
  *history.mutable_last_seen_time() =
      TimeUtil::MicrosecondsToTimestamp(state.last_seen_us);
  history.set_seen_count(state.seen_count);
  history.set_revision_count(state.revision_count);
  return history;
}

Json ToDocument(absl::string_view uid, const ArticleState& state) {
  Json document = {{field::kKind, state.deleted ? field::kKindTombstone
                                                : field::kKindArticle},
                   {field::kUid, std::string(uid)},
                   {field::kTopic, state.applied.partition.topic},
                   {field::kPartition, state.applied.partition.partition},
                   {field::kNextOffset, state.applied.offset},
                   {field::kStory, state.story_uid}};
  if (state.deleted) return document;
  const v1::Article& article = state.article;
  document[field::kArticle] = Encode(article.SerializeAsString());
  document[field::kTextVersion] = state.text_version;
  PutOptional(field::kTextFetchTime, state.text_fetch_us, document);
  document[field::kFirstSeen] = state.first_seen_us;
  document[field::kLastSeen] = state.last_seen_us;
  document[field::kSeenCount] = state.seen_count;
  document[field::kRevisionCount] = state.revision_count;
  PutSearchFields(article, document);
  PutStoryFields(state, document);
  return document;
}

absl::StatusOr<ArticleState> ToState(const Json& source) {
  ArticleState state = {
      .applied = {{String(source, field::kTopic),
                   static_cast<int32_t>(Int(source, field::kPartition))},
                  Int(source, field::kNextOffset)},
      .deleted = String(source, field::kKind) != field::kKindArticle,
      .text_version = Int(source, field::kTextVersion),
      .text_fetch_us = OptionalInt(source, field::kTextFetchTime),
      .first_seen_us = Int(source, field::kFirstSeen),
      .last_seen_us = Int(source, field::kLastSeen),
      .seen_count = Int(source, field::kSeenCount),
      .revision_count = Int(source, field::kRevisionCount),
      .story_uid = String(source, field::kStory),
      .story_count = OptionalInt(source, field::kStoryCount),
      .story_last_us = OptionalInt(source, field::kStoryLast)};
  if (state.deleted) return state;
  absl::Status status = ReadMessage(source, field::kArticle, state.article);
  if (!status.ok()) return status;
  return state;
}

std::vector<std::string> StateFields() {
  return {field::kKind,          field::kTopic,     field::kPartition,
          field::kNextOffset,    field::kArticle,   field::kTextVersion,
          field::kTextFetchTime, field::kFirstSeen, field::kLastSeen,
          field::kSeenCount,     field::kStory,     field::kRevisionCount,
          field::kStoryCount,    field::kStoryLast};
}

absl::StatusOr<std::string> DecodeField(const Json& source, const char* name) {
  std::string bytes;
  const auto found = source.find(name);
  if (found == source.end() || !found->is_string() ||
      !absl::Base64Unescape(found->get_ref<const std::string&>(), &bytes)) {
    return absl::DataLossError(
        absl::StrCat("a stored document has no readable '", name, "'"));
  }
  return bytes;
}

std::string Encode(absl::string_view bytes) {
  return absl::Base64Escape(bytes);
}

std::string ArticleId(absl::string_view uid) {
  if (uid.size() <= kLongestUid) return absl::StrCat("a:", uid);
  return absl::StrCat("s:", absl::BytesToHexString(Sha256(uid)));
}

std::string RevisionId(absl::string_view uid, int64_t version) {
  return absl::StrCat("r:", ArticleId(uid), ":", version);
}

std::string PositionId(const kafka::TopicPartition& partition) {
  return absl::StrCat("p:", partition.topic, ":", partition.partition);
}

}  // namespace dateline::store
