#include "store/opensearch/story_writer.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/escaping.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

constexpr int kRounds = 10;
constexpr int kHitsAtATime = 2000;
// OpenSearch takes 65,536 terms.
constexpr size_t kTermsAtATime = 16'000;

std::optional<int64_t> IntOf(const Json& fields, const char* name) {
  const auto found = fields.find(name);
  if (found == fields.end()) return std::nullopt;
  return found->front().get<int64_t>();
}

std::string TextOf(const Json& fields, const char* name) {
  const auto found = fields.find(name);
  return found == fields.end() ? std::string()
                               : found->front().get<std::string>();
}

StoryMember ToMember(const Json& hit) {
  const Json fields = hit.value("fields", Json::object());
  StoryMember member = {.uid = TextOf(fields, field::kUid),
                        .publish_us = IntOf(fields, field::kPublishTime),
                        .story_uid = TextOf(fields, field::kStory),
                        .story_count = IntOf(fields, field::kStoryCount),
                        .story_last_us = IntOf(fields, field::kStoryLast),
                        .seq_no = hit.at("_seq_no").get<int64_t>(),
                        .primary_term = hit.at("_primary_term").get<int64_t>()};
  absl::Base64Unescape(TextOf(fields, field::kSignature), &member.signature);
  return member;
}

Json OrNull(const std::optional<int64_t>& value) {
  return value.has_value() ? Json(*value) : Json();
}

}  // namespace

absl::Status OpenSearchStoryWriter::SetRight(const StorySeeds& seeds) const {
  for (int round = 0; round < kRounds; ++round) {
    const absl::StatusOr<StoryClosure> closure = Close(seeds);
    if (!closure.ok()) return closure.status();
    const std::vector<StoryMember> corrections = closure->Corrections();
    if (corrections.empty()) return absl::OkStatus();
    const absl::StatusOr<bool> written = Write(corrections);
    if (!written.ok()) return written.status();
    absl::Status status = index_.Refresh();
    if (!status.ok() || *written) return status;
  }
  return absl::UnavailableError(
      "other writers keep changing the stories that are to be set right");
}

absl::StatusOr<std::vector<StoryMember>> OpenSearchStoryWriter::Find(
    Json query) const {
  const Json body = {
      {"query", AllOf(Json::array({TermQuery(field::kKind, field::kKindArticle),
                                   std::move(query)}))},
      {"sort", Json::array({{{field::kUid, "asc"}}})},
      {"_source", false},
      {"seq_no_primary_term", true},
      {"docvalue_fields",
       {field::kUid, field::kSignature, field::kPublishTime, field::kStory,
        field::kStoryCount, field::kStoryLast}}};
  std::vector<StoryMember> members;
  absl::Status status = index_.ForEachHit(
      body, Json(), kHitsAtATime, [&](const Json& hit) -> absl::StatusOr<bool> {
        members.push_back(ToMember(hit));
        return true;
      });
  if (!status.ok()) return status;
  return members;
}

absl::StatusOr<StoryClosure> OpenSearchStoryWriter::Close(
    const StorySeeds& seeds) const {
  StoryClosure closure;
  absl::StatusOr<std::vector<StoryMember>> found =
      Find({{"bool",
             {{"should",
               Json::array({TermsQuery(field::kUid, seeds.uids),
                            TermsQuery(field::kStory, seeds.stories)})}}}});
  if (!found.ok()) return found.status();
  closure.AddSeeds(*std::move(found));
  for (std::vector<int64_t> bands = closure.TakeBands(); !bands.empty();
       bands = closure.TakeBands()) {
    for (size_t i = 0; i < bands.size(); i += kTermsAtATime) {
      const size_t end = std::min(i + kTermsAtATime, bands.size());
      found = Find(
          TermsQuery(field::kBands,
                     std::vector<int64_t>(
                         bands.begin() + static_cast<std::ptrdiff_t>(i),
                         bands.begin() + static_cast<std::ptrdiff_t>(end))));
      if (!found.ok()) return found.status();
      closure.AddNeighbours(*std::move(found));
    }
  }
  return closure;
}

absl::StatusOr<bool> OpenSearchStoryWriter::Write(
    const std::vector<StoryMember>& corrections) const {
  std::vector<BulkOperation> operations;
  operations.reserve(corrections.size());
  for (const StoryMember& member : corrections) {
    const Json fields = {{field::kStory, member.story_uid},
                         {field::kStoryCount, OrNull(member.story_count)},
                         {field::kStoryLast, OrNull(member.story_last_us)}};
    operations.push_back(UpdateOperation(
        ArticleId(member.uid), {member.seq_no, member.primary_term}, fields));
  }
  const absl::StatusOr<std::vector<BulkOutcome>> outcomes =
      index_.Bulk(operations);
  if (!outcomes.ok()) return outcomes.status();
  return std::all_of(
      outcomes->begin(), outcomes->end(),
      [](const BulkOutcome& outcome) { return outcome.status.ok(); });
}

}  // namespace dateline::store
