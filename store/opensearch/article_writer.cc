#include "store/opensearch/article_writer.h"

#include <algorithm>
#include <utility>

#include "store/opensearch/index_fields.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr int kRounds = 10;
constexpr int kExpireAtATime = 1000;

std::vector<std::string> IdsOf(const std::map<std::string, Folded>& folded) {
  std::vector<std::string> ids;
  for (const auto& [uid, result] : folded) ids.push_back(ArticleId(uid));
  return ids;
}

Json RevisionsOf(std::vector<std::string> uids) {
  return AllOf(Json::array({TermQuery(field::kKind, field::kKindRevision),
                            TermsQuery(field::kUid, std::move(uids))}));
}

void AddCounts(const ApplyCounts& some, ApplyCounts& counts) {
  counts.stored += some.stored;
  counts.seen_again += some.seen_again;
  counts.stale += some.stale;
  counts.deleted += some.deleted;
}

int64_t FirstOffset(const ArticleBatch& batch,
                    const kafka::TopicPartition& partition) {
  const auto first = std::find_if(batch.changes.begin(), batch.changes.end(),
                                  [&](const ArticleChange& change) {
                                    return change.partition == partition;
                                  });
  return first == batch.changes.end() ? 0 : first->offset;
}

BulkOperation ArchiveOperation(const std::string& uid,
                               const v1::Revision& revision, int64_t version) {
  return IndexOperation(
      RevisionId(uid, revision.version()), version,
      {{field::kKind, field::kKindRevision},
       {field::kUid, uid},
       {field::kVersion, revision.version()},
       {field::kRevision, Encode(revision.SerializeAsString())}});
}

}  // namespace

absl::StatusOr<ApplyCounts> OpenSearchWriter::Apply(const ArticleBatch& batch) {
  absl::StatusOr<Changes> changes = NotYetApplied(batch);
  if (!changes.ok()) return changes.status();
  ApplyCounts counts;
  if (!changes->empty()) {
    StorySeeds seeds;
    for (int round = 0; round < kRounds && !changes->empty(); ++round) {
      absl::Status status = WriteOnce(*changes, counts, seeds);
      if (!status.ok()) return status;
    }
    if (!changes->empty()) {
      return absl::UnavailableError(
          "other writers keep changing the articles that are to be written");
    }
    absl::Status status = index_.Refresh();
    if (status.ok()) status = stories_.SetRight(seeds);
    if (!status.ok()) return status;
  }
  absl::Status status = WritePositions(batch.positions);
  if (!status.ok()) return status;
  return counts;
}

absl::StatusOr<OpenSearchWriter::Changes> OpenSearchWriter::NotYetApplied(
    const ArticleBatch& batch) {
  std::map<kafka::TopicPartition, int64_t> applied;
  for (const ArticleChange& change : batch.changes) {
    applied.emplace(change.partition, 0);
  }
  std::vector<std::string> ids;
  for (const auto& [partition, offset] : applied) {
    ids.push_back(PositionId(partition));
  }
  const absl::StatusOr<std::vector<Json>> documents =
      index_.Get(ids, {field::kNextOffset}, true);
  if (!documents.ok()) return documents.status();
  auto document = documents->begin();
  for (auto& [partition, offset] : applied) {
    if (document->value("found", false)) {
      offset = document->at("_source").at(field::kNextOffset).get<int64_t>();
    }
    ++document;
    if (const auto written = written_.find(partition);
        written != written_.end() && offset < written->second &&
        offset < FirstOffset(batch, partition)) {
      written_.clear();
      return absl::UnavailableError(
          "the OpenSearch index is another one than before; going on at its "
          "positions");
    }
  }
  Changes changes;
  for (const ArticleChange& change : batch.changes) {
    if (change.offset < applied.at(change.partition)) continue;
    changes[change.uid].push_back(&change);
  }
  return changes;
}

absl::Status OpenSearchWriter::WriteOnce(Changes& changes, ApplyCounts& counts,
                                         StorySeeds& seeds) {
  std::map<std::string, Folded> folded;
  for (const auto& [uid, list] : changes) folded[uid];
  const absl::StatusOr<std::vector<Json>> documents =
      index_.Get(IdsOf(folded), StateFields(), true);
  if (!documents.ok()) return documents.status();
  std::vector<BulkOperation> operations;
  std::vector<std::string> written;
  auto document = documents->begin();
  for (auto& [uid, result] : folded) {
    int64_t stored_version = -1;
    std::optional<ArticleState> before;
    if (document->value("found", false)) {
      stored_version = document->at("_version").get<int64_t>();
      absl::StatusOr<ArticleState> state = ToState(document->at("_source"));
      if (!state.ok()) return state.status();
      if (!state->story_uid.empty()) seeds.stories.insert(state->story_uid);
      before = *std::move(state);
    }
    ++document;
    seeds.uids.insert(uid);
    result = Fold(std::move(before), changes.at(uid));
    if (!result.changed) continue;
    operations.push_back(IndexOperation(
        ArticleId(uid),
        std::max(result.state->applied.offset, stored_version + 1),
        ToDocument(uid, *result.state)));
    written.push_back(uid);
  }
  // First, since a document that is there says that they are.
  absl::Status status = WriteArchived(folded);
  if (!status.ok()) return status;
  const absl::StatusOr<std::vector<BulkOutcome>> outcomes =
      index_.Bulk(operations);
  if (!outcomes.ok()) return outcomes.status();
  Changes again;
  for (size_t i = 0; i < written.size(); ++i) {
    if ((*outcomes)[i].status.ok()) continue;
    again.insert(changes.extract(written[i]));
    folded.erase(written[i]);
  }
  for (const auto& [uid, result] : folded) AddCounts(result.counts, counts);
  changes = std::move(again);
  return absl::OkStatus();
}

absl::Status OpenSearchWriter::WriteArchived(
    const std::map<std::string, Folded>& folded) const {
  std::vector<std::string> forgotten;
  std::vector<BulkOperation> operations;
  for (const auto& [uid, result] : folded) {
    if (result.forget_archived) forgotten.push_back(uid);
    for (const v1::Revision& revision : result.archived) {
      operations.push_back(
          ArchiveOperation(uid, revision, result.state->applied.offset));
    }
  }
  if (!forgotten.empty()) {
    // Those that no refresh has shown are to go, too.
    absl::Status status = index_.Refresh();
    if (status.ok()) status = index_.DeleteByQuery(RevisionsOf(forgotten));
    if (!status.ok()) return status;
  }
  return index_.Bulk(operations).status();
}

absl::Status OpenSearchWriter::WritePositions(
    const std::vector<kafka::Position>& positions) {
  std::vector<BulkOperation> operations;
  for (const kafka::Position& position : positions) {
    // Its own version, so that it never moves back.
    operations.push_back(
        IndexOperation(PositionId(position.partition), position.offset,
                       {{field::kKind, field::kKindPosition},
                        {field::kTopic, position.partition.topic},
                        {field::kPartition, position.partition.partition},
                        {field::kNextOffset, position.offset}}));
  }
  absl::Status status = index_.Bulk(operations).status();
  if (!status.ok()) return status;
  for (const kafka::Position& position : positions) {
    int64_t& written = written_[position.partition];
    written = std::max(written, position.offset);
  }
  return status;
}

absl::StatusOr<int64_t> OpenSearchWriter::DeleteOldest(
    int64_t fetched_before_us, int limit) {
  int64_t deleted = 0;
  while (deleted < limit) {
    const int64_t wanted = std::min<int64_t>(limit - deleted, kExpireAtATime);
    absl::StatusOr<std::vector<Expiring>> expiring =
        FindOldest(fetched_before_us, static_cast<int>(wanted));
    if (!expiring.ok()) return expiring.status();
    if (expiring->empty()) break;
    const absl::StatusOr<int64_t> count = Expire(*std::move(expiring));
    if (!count.ok()) return count.status();
    if (*count == 0) break;
    deleted += *count;
  }
  return deleted;
}

absl::StatusOr<std::vector<OpenSearchWriter::Expiring>>
OpenSearchWriter::FindOldest(int64_t fetched_before_us, int limit) const {
  Json before = Json::object();
  before[field::kFetchTime] = {{"lt", fetched_before_us}};
  const Json unknown = {
      {"bool",
       {{"must_not",
         Json::array({{{"exists", {{"field", field::kFetchTime}}}}})}}}};
  const Json old = {
      {"bool", {{"should", Json::array({{{"range", before}}, unknown})}}}};
  const Json body = {
      {"query",
       AllOf(Json::array(
           {TermsQuery(field::kKind,
                       Json::array({field::kKindArticle, field::kKindExpired})),
            old}))},
      {"sort",
       ListSort({.field = ListOrder::Field::kFetchTime, .descending = false})},
      {"_source", {field::kUid, field::kStory}},
      {"seq_no_primary_term", true}};
  std::vector<Expiring> expiring;
  absl::Status status = index_.ForEachHit(
      body, Json(), limit, [&](const Json& hit) -> absl::StatusOr<bool> {
        const Json& source = hit.at("_source");
        expiring.push_back(
            {.uid = source.at(field::kUid).get<std::string>(),
             .story_uid = source.at(field::kStory).get<std::string>(),
             .seen = {hit.at("_seq_no").get<int64_t>(),
                      hit.at("_primary_term").get<int64_t>()}});
        return expiring.size() < static_cast<size_t>(limit);
      });
  if (!status.ok()) return status;
  return expiring;
}

// In this order, so that what a crash leaves undone is found again: marked,
// stories set right, revisions deleted, deleted.
absl::StatusOr<int64_t> OpenSearchWriter::Expire(
    std::vector<Expiring> expiring) {
  std::vector<BulkOperation> operations;
  for (const Expiring& article : expiring) {
    operations.push_back(
        UpdateOperation(ArticleId(article.uid), article.seen,
                        {{field::kKind, field::kKindExpired}}));
  }
  absl::StatusOr<std::vector<BulkOutcome>> outcomes = index_.Bulk(operations);
  if (!outcomes.ok()) return outcomes.status();
  StorySeeds seeds;
  std::vector<std::string> uids;
  operations.clear();
  for (size_t i = 0; i < expiring.size(); ++i) {
    // One that another record came for stays for another time.
    if (!(*outcomes)[i].status.ok()) continue;
    seeds.stories.insert(expiring[i].story_uid);
    uids.push_back(expiring[i].uid);
    operations.push_back(
        DeleteOperation(ArticleId(expiring[i].uid), (*outcomes)[i].now));
  }
  absl::Status status = index_.Refresh();
  if (status.ok()) status = stories_.SetRight(seeds);
  if (status.ok()) status = index_.DeleteByQuery(RevisionsOf(uids));
  if (status.ok()) status = index_.Bulk(operations).status();
  if (status.ok()) status = index_.Refresh();
  if (!status.ok()) return status;
  return static_cast<int64_t>(uids.size());
}

}  // namespace dateline::store
