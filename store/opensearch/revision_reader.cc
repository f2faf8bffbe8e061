#include <limits>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/error_details.h"
#include "store/core/revision.h"
#include "store/opensearch/article_reader.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/page_filler.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// Gives a page its revisions, newest first. Each waits for the one before it in
// time, which tells what changed.
class RevisionFiller {
 public:
  RevisionFiller(const PageLimits& limits, RevisionPage& page)
      : filler_(limits), page_(page) {}

  // False where the page is full.
  bool Take(v1::Revision revision) {
    const bool more = !waiting_.has_value() || Flush(&revision);
    waiting_ = std::move(revision);
    return more;
  }

  void Finish() {
    if (waiting_.has_value() && filler_.NextCursor().empty()) Flush(nullptr);
    page_.next_cursor = filler_.NextCursor();
  }

 private:
  bool Flush(const v1::Revision* before) {
    if (before != nullptr) {
      for (std::string& name : ChangedFields(*before, *waiting_)) {
        waiting_->add_changed_fields(std::move(name));
      }
    }
    if (!filler_.Take(waiting_->ByteSizeLong(),
                      absl::StrCat(waiting_->version()))) {
      return false;
    }
    page_.revisions.push_back(*std::move(waiting_));
    waiting_.reset();
    return true;
  }

  PageFiller filler_;
  RevisionPage& page_;
  std::optional<v1::Revision> waiting_;
};

Json ArchivedBefore(const std::string& uid, int64_t version) {
  Json range = Json::object();
  range[field::kVersion] = {{"lt", version}};
  return {{"query",
           AllOf(Json::array({TermQuery(field::kKind, field::kKindRevision),
                              TermQuery(field::kUid, uid),
                              {{"range", std::move(range)}}}))},
          {"sort", Json::array({{{field::kVersion, "desc"}}})},
          {"_source", {field::kRevision}}};
}

}  // namespace

absl::StatusOr<RevisionPage> ListRevisions(const ArticleIndex& index,
                                           const RevisionQuery& query) {
  int64_t behind = std::numeric_limits<int64_t>::max();
  if (!query.page.cursor.empty() &&
      !absl::SimpleAtoi(query.page.cursor, &behind)) {
    return InvalidField("page_token", "is none of this store");
  }
  const absl::StatusOr<std::vector<Json>> documents =
      index.Get({ArticleId(query.uid)}, StateFields(), false);
  if (!documents.ok()) return documents.status();
  if (!documents->front().value("found", false))
    return NoSuchArticle(query.uid);
  const absl::StatusOr<ArticleState> state =
      ToState(documents->front().at("_source"));
  if (!state.ok()) return state.status();
  if (state->deleted) return NoSuchArticle(query.uid);

  RevisionPage page;
  RevisionFiller filler(query.page, page);
  const v1::Revision last = LastRevision(*state);
  if (last.version() < behind) filler.Take(last);
  absl::Status status = index.ForEachHit(
      ArchivedBefore(query.uid, std::min(behind, last.version())), Json(),
      HitsAtATime(query.page), [&](const Json& hit) -> absl::StatusOr<bool> {
        const absl::StatusOr<std::string> bytes =
            DecodeField(hit.at("_source"), field::kRevision);
        if (!bytes.ok()) return bytes.status();
        v1::Revision revision;
        if (!revision.ParseFromString(*bytes)) {
          return absl::DataLossError("a stored revision can't be read");
        }
        return filler.Take(std::move(revision));
      });
  if (!status.ok()) return status;
  filler.Finish();
  return page;
}

}  // namespace dateline::store
