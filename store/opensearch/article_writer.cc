#include "store/opensearch/article_writer.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr int kRounds = 10;
constexpr int kExpireAtATime = 1000;
// Each is a query of several terms, of which OpenSearch takes 1,024.
constexpr size_t kForgetAtATime = 100;
constexpr size_t kReadAtATime = 200;

Json RevisionsOf(std::vector<std::string> uids) {
  return AllOf(Json::array({TermQuery(field::kKind, field::kKindRevision),
                            TermsQuery(field::kUid, std::move(uids))}));
}

void AddCounts(const ApplyCounts& some, ApplyCounts& counts) {
  counts.stored += some.stored;
  counts.seen_again += some.seen_again;
  counts.stale += some.stale;
  counts.deleted += some.deleted;
  counts.refused += some.refused;
}

int64_t FirstOffset(const ArticleBatch& batch,
                    const kafka::TopicPartition& partition) {
  const auto first = std::find_if(batch.changes.begin(), batch.changes.end(),
                                  [&](const ArticleChange& change) {
                                    return change.partition == partition;
                                  });
  return first == batch.changes.end() ? 0 : first->offset;
}

// Those that records before `behind` archived, or records of another partition.
Json ForgottenRevisions(const std::string& uid, const kafka::Position& behind) {
  Json later = Json::object();
  later[field::kNextOffset] = {{"gt", behind.offset}};
  Json query = RevisionsOf({uid});
  query["bool"]["must_not"] = AllOf(
      Json::array({TermQuery(field::kTopic, behind.partition.topic),
                   TermQuery(field::kPartition, behind.partition.partition),
                   {{"range", std::move(later)}}}));
  return query;
}

// `applied`: behind the last record that `revision` is archived with.
BulkOperation ArchiveOperation(const std::string& uid,
                               const v1::Revision& revision,
                               const kafka::Position& applied) {
  return IndexOperation(
      RevisionId(uid, revision.version()), applied.offset,
      {{field::kKind, field::kKindRevision},
       {field::kUid, uid},
       {field::kTopic, applied.partition.topic},
       {field::kPartition, applied.partition.partition},
       {field::kNextOffset, applied.offset},
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

absl::Status OpenSearchWriter::FoldSome(const std::vector<std::string>& uids,
                                        const Changes& changes, Round& round,
                                        StorySeeds& seeds) const {
  std::vector<std::string> ids;
  for (const std::string& uid : uids) ids.push_back(ArticleId(uid));
  const absl::StatusOr<std::vector<Json>> documents =
      index_.Get(ids, StateFields(), true);
  if (!documents.ok()) return documents.status();
  auto document = documents->begin();
  for (const std::string& uid : uids) {
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
    const Folded& result = round.folded[uid] =
        Fold(std::move(before), changes.at(uid));
    if (!result.changed) continue;
    round.operations.push_back(IndexOperation(
        ArticleId(uid),
        std::max(result.state->applied.offset, stored_version + 1),
        ToDocument(uid, *result.state)));
    round.written.push_back(uid);
  }
  return absl::OkStatus();
}

absl::Status OpenSearchWriter::WriteOnce(Changes& changes, ApplyCounts& counts,
                                         StorySeeds& seeds) {
  Round round;
  std::vector<std::string> uids;
  for (auto it = changes.begin(); it != changes.end();) {
    uids.push_back(it->first);
    if (++it != changes.end() && uids.size() < kReadAtATime) continue;
    absl::Status status =
        FoldSome(std::exchange(uids, {}), changes, round, seeds);
    if (!status.ok()) return status;
  }
  // First, since a document that is there says that they are.
  absl::Status status = WriteArchived(round.folded);
  if (!status.ok()) return status;
  const absl::StatusOr<std::vector<BulkOutcome>> outcomes =
      index_.Bulk(round.operations, ArticleIndex::Refused::kTell);
  if (!outcomes.ok()) return outcomes.status();
  Changes again;
  for (size_t i = 0; i < round.written.size(); ++i) {
    const absl::Status& outcome = (*outcomes)[i].status;
    if (outcome.ok()) continue;
    auto change = changes.extract(round.written[i]);
    round.folded.erase(round.written[i]);
    if (absl::IsInvalidArgument(outcome)) {
      counts.refused += static_cast<int64_t>(change.mapped().size());
      LogError("passing by an article that OpenSearch refuses",
               {{"uid", change.key()}, {"reason", outcome.message()}});
      continue;
    }
    again.insert(std::move(change));
  }
  for (const auto& [uid, result] : round.folded) {
    AddCounts(result.counts, counts);
  }
  changes = std::move(again);
  return absl::OkStatus();
}

absl::Status OpenSearchWriter::WriteArchived(
    const std::map<std::string, Folded>& folded) const {
  std::vector<Json> forgotten;
  std::vector<BulkOperation> operations;
  for (const auto& [uid, result] : folded) {
    if (result.forget_archived.has_value()) {
      forgotten.push_back(ForgottenRevisions(uid, *result.forget_archived));
    }
    for (const v1::Revision& revision : result.archived) {
      operations.push_back(
          ArchiveOperation(uid, revision, result.state->applied));
    }
  }
  if (!forgotten.empty()) {
    // Those that no refresh has shown are to go, too.
    absl::Status status = index_.Refresh();
    for (size_t i = 0; status.ok() && i < forgotten.size();
         i += kForgetAtATime) {
      const auto begin = forgotten.begin() + static_cast<std::ptrdiff_t>(i);
      const auto end =
          forgotten.begin() + static_cast<std::ptrdiff_t>(std::min(
                                  i + kForgetAtATime, forgotten.size()));
      status = index_.DeleteByQuery(
          {{"bool", {{"should", Json(std::vector<Json>(begin, end))}}}});
    }
    if (!status.ok()) return status;
  }
  return index_.Bulk(operations, ArticleIndex::Refused::kTell).status();
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
