#include "store/opensearch/article_index.h"

#include <algorithm>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_template.h"

namespace dateline::store {
namespace {

using Json = nlohmann::json;

// OpenSearch takes 100 MB, but holds all of it in memory.
constexpr size_t kMaxBulkBytes = 8 << 20;
constexpr char kViewKept[] = "5m";

BulkOperation Operation(const char* action, const std::string& id, Json meta,
                        const Json& body) {
  meta["_id"] = id;
  Json header = Json::object();
  header[action] = std::move(meta);
  BulkOperation operation = {.id = id, .lines = Dump(header) + "\n"};
  if (!body.is_null()) absl::StrAppend(&operation.lines, Dump(body), "\n");
  return operation;
}

Json IfLatest(const SeenRevision& seen) {
  return {{"if_seq_no", seen.seq_no}, {"if_primary_term", seen.primary_term}};
}

// Of one operation: {"index": {"_id": .., "status": .., "error": {..}}}.
BulkOutcome ToOutcome(const Json& item) {
  const Json& result = item.begin().value();
  const long status = result.at("status").get<long>();
  // What is to be deleted may be gone.
  const bool gone = status == 404 && item.begin().key() == "delete";
  if (status >= 300 && !gone) {
    const std::string what =
        absl::StrCat("the write of ", result.value("_id", std::string()));
    return {.status = ErrorStatus(what, status, result.value("error", Json()))};
  }
  return {.now = {.seq_no = result.value("_seq_no", int64_t{0}),
                  .primary_term = result.value("_primary_term", int64_t{0})}};
}

}  // namespace

BulkOperation IndexOperation(const std::string& id, int64_t version,
                             const Json& document) {
  return Operation("index", id,
                   {{"version", version}, {"version_type", "external"}},
                   document);
}

BulkOperation UpdateOperation(const std::string& id, const SeenRevision& seen,
                              const Json& fields) {
  return Operation("update", id, IfLatest(seen), {{"doc", fields}});
}

BulkOperation DeleteOperation(const std::string& id, const SeenRevision& seen) {
  return Operation("delete", id, IfLatest(seen), Json());
}

ArticleIndex::ArticleIndex(const OpenSearchClient& client, std::string name,
                           int shards)
    : client_(client), name_(std::move(name)), shards_(shards) {}

absl::Status ArticleIndex::Prepare() {
  if (ready_) return absl::OkStatus();
  absl::MutexLock lock(&making_);
  if (ready_) return absl::OkStatus();
  absl::StatusOr<Json> mappings =
      client_.Read("GET", absl::StrCat("/", name_, "/_mapping"), Json());
  if (absl::IsNotFound(mappings.status())) {
    if (absl::Status status = Make(); !status.ok()) return status;
    mappings = client_.Read("GET", absl::StrCat("/", name_, "/_mapping"), {});
  }
  if (!mappings.ok()) return mappings.status();
  absl::Status status = CheckSchema(*mappings);
  if (status.ok()) ready_ = true;
  return status;
}

absl::Status ArticleIndex::PutTemplate() const {
  const Json body = {{"index_patterns", {absl::StrCat(name_, "-*")}},
                     {"template", IndexDefinition(shards_)}};
  return client_.Write("PUT", absl::StrCat("/_index_template/", name_), body)
      .status();
}

absl::Status ArticleIndex::Make() {
  if (!is_alias_) {
    return absl::UnavailableError(
        absl::StrCat("the OpenSearch index ", name_, " is gone"));
  }
  if (absl::Status status = PutTemplate(); !status.ok()) return status;
  Json aliases = Json::object();
  aliases[name_] = Json::object();
  const absl::Status status = client_
                                  .Write("PUT", absl::StrCat("/", name_, "-1"),
                                         {{"aliases", std::move(aliases)}})
                                  .status();
  // Another replica may have been quicker.
  return absl::StrContains(status.message(), "already exists")
             ? absl::OkStatus()
             : status;
}

absl::StatusOr<std::string> ArticleIndex::MadeAs() const {
  const absl::StatusOr<Json> answer =
      client_.Read("GET", absl::StrCat("/_alias/", name_), Json());
  if (!answer.ok()) return Seen(answer.status());
  if (answer->size() != 1) {
    return absl::FailedPreconditionError(
        absl::StrCat("the OpenSearch alias ", name_, " names several indexes"));
  }
  return answer->begin().key();
}

absl::StatusOr<std::unique_ptr<ArticleIndex>> ArticleIndex::MakeNext() const {
  const absl::StatusOr<std::string> now = MadeAs();
  if (!now.ok()) return now.status();
  int64_t number = 0;
  const absl::string_view suffix =
      absl::string_view(*now).substr(std::min(now->size(), name_.size() + 1));
  if (!absl::SimpleAtoi(suffix, &number)) {
    return absl::FailedPreconditionError(absl::StrCat(
        "the OpenSearch index ", *now, " has no number at its end"));
  }
  auto next = std::make_unique<ArticleIndex>(
      client_, absl::StrCat(name_, "-", number + 1), shards_);
  next->is_alias_ = false;
  absl::Status status = PutTemplate();
  if (!status.ok()) return status;
  const std::string path = absl::StrCat("/", next->name_);
  status = client_.Write("DELETE", path, Json()).status();
  if (!status.ok() && !absl::IsNotFound(status)) return status;
  status = client_.Write("PUT", path, Json()).status();
  if (!status.ok()) return status;
  return next;
}

absl::Status ArticleIndex::MoveTo(const ArticleIndex& next) const {
  const absl::StatusOr<std::string> now = MadeAs();
  if (!now.ok()) return now.status();
  const Json remove = {{"remove_index", {{"index", *now}}}};
  const Json add = {{"add", {{"index", next.name_}, {"alias", name_}}}};
  return client_
      .Write("POST", "/_aliases", {{"actions", Json::array({remove, add})}})
      .status();
}

absl::Status ArticleIndex::CheckSchema(const Json& mappings) const {
  for (const auto& [index, answer] : mappings.items()) {
    const Json& mapping = answer.at("mappings");
    const int schema =
        mapping.value("_meta", Json::object()).value("schema", 0);
    if (schema == kIndexSchema) continue;
    return absl::FailedPreconditionError(absl::StrCat(
        "the OpenSearch index ", index, " has schema ", schema,
        ", but this version of Dateline needs ", kIndexSchema,
        "; delete the index, or give another --opensearch_index, to have it "
        "built from the topic"));
  }
  return absl::OkStatus();
}

absl::Status ArticleIndex::Seen(absl::Status status) const {
  if (!absl::IsNotFound(status)) return status;
  ready_ = false;
  return absl::UnavailableError(status.message());
}

absl::StatusOr<Json> ArticleIndex::Search(const Json& body,
                                          const std::string& preference) const {
  const bool in_view = body.contains("pit");
  std::string path = in_view ? "" : absl::StrCat("/", name_);
  absl::StrAppend(&path, "/_search?allow_partial_search_results=false");
  if (!preference.empty()) {
    // Scores as if all shards were one.
    absl::StrAppend(
        &path, "&search_type=dfs_query_then_fetch&preference=", preference);
  }
  absl::StatusOr<Json> answer = client_.Read("POST", path, body);
  if (answer.ok()) return answer;
  if (in_view && absl::IsNotFound(answer.status())) {
    return absl::UnavailableError(
        "the view of the articles was given up by OpenSearch; begin anew");
  }
  return Seen(answer.status());
}

absl::Status ArticleIndex::ForEachHit(
    Json body, Json after, int hits_at_a_time,
    const std::function<absl::StatusOr<bool>(const Json&)>& take,
    const std::string& preference) const {
  body["size"] = hits_at_a_time;
  if (!body.contains("track_total_hits")) body["track_total_hits"] = false;
  while (true) {
    if (!after.is_null()) body["search_after"] = after;
    const absl::StatusOr<Json> answer = Search(body, preference);
    if (!answer.ok()) return answer.status();
    const Json& hits = answer->at("hits").at("hits");
    for (const Json& hit : hits) {
      const absl::StatusOr<bool> more = take(hit);
      if (!more.ok()) return more.status();
      if (!*more) return absl::OkStatus();
    }
    if (hits.size() < static_cast<size_t>(hits_at_a_time)) {
      return absl::OkStatus();
    }
    after = hits.back().at("sort");
  }
}

absl::StatusOr<std::vector<Json>> ArticleIndex::Get(
    const std::vector<std::string>& ids, const std::vector<std::string>& fields,
    bool latest) const {
  if (ids.empty()) return std::vector<Json>();
  const std::string path =
      absl::StrCat("/", name_, "/_mget?realtime=", latest ? "true" : "false",
                   "&_source_includes=", absl::StrJoin(fields, ","));
  const absl::StatusOr<Json> answer =
      client_.Read("POST", path, {{"ids", ids}});
  if (!answer.ok()) return Seen(answer.status());
  std::vector<Json> documents;
  documents.reserve(ids.size());
  for (const Json& document : answer->at("docs")) {
    if (document.contains("error")) {
      const Json& error = document.at("error");
      const bool gone =
          error.value("type", std::string()) == "index_not_found_exception";
      return Seen(ErrorStatus("a read", gone ? 404 : 503, error));
    }
    documents.push_back(document);
  }
  return documents;
}

absl::StatusOr<std::vector<BulkOutcome>> ArticleIndex::Bulk(
    const std::vector<BulkOperation>& operations) const {
  std::vector<BulkOutcome> outcomes;
  outcomes.reserve(operations.size());
  std::string lines;
  for (const BulkOperation& operation : operations) {
    if (!lines.empty() &&
        lines.size() + operation.lines.size() > kMaxBulkBytes) {
      absl::Status status = AppendOutcomes(lines, outcomes);
      if (!status.ok()) return status;
      lines.clear();
    }
    lines.append(operation.lines);
  }
  if (!lines.empty()) {
    absl::Status status = AppendOutcomes(lines, outcomes);
    if (!status.ok()) return status;
  }
  return outcomes;
}

absl::Status ArticleIndex::AppendOutcomes(
    const std::string& lines, std::vector<BulkOutcome>& outcomes) const {
  const absl::StatusOr<Json> answer = client_.Bulk(
      absl::StrCat("/", name_,
                   "/_bulk?require_alias=", is_alias_ ? "true" : "false"),
      lines);
  if (!answer.ok()) return Seen(answer.status());
  for (const Json& item : answer->at("items")) {
    BulkOutcome outcome = ToOutcome(item);
    if (!outcome.status.ok() && !absl::IsAborted(outcome.status)) {
      return Seen(outcome.status);
    }
    outcomes.push_back(std::move(outcome));
  }
  return absl::OkStatus();
}

absl::Status ArticleIndex::DeleteByQuery(const Json& query) const {
  const std::string path = absl::StrCat(
      "/", name_, "/_delete_by_query?refresh=true&conflicts=proceed");
  return Seen(client_.Write("POST", path, {{"query", query}}).status());
}

absl::Status ArticleIndex::Refresh() const {
  return Seen(
      client_.Write("POST", absl::StrCat("/", name_, "/_refresh"), Json())
          .status());
}

absl::StatusOr<int64_t> ArticleIndex::SizeBytes() const {
  const absl::StatusOr<Json> answer =
      client_.Read("GET", absl::StrCat("/", name_, "/_stats/store"), Json());
  if (!answer.ok()) return Seen(answer.status());
  return answer->at("_all")
      .at("primaries")
      .at("store")
      .at("size_in_bytes")
      .get<int64_t>();
}

absl::StatusOr<std::string> ArticleIndex::OpenView() const {
  const absl::StatusOr<Json> answer = client_.Read(
      "POST",
      absl::StrCat("/", name_, "/_search/point_in_time?keep_alive=", kViewKept),
      Json());
  if (!answer.ok()) return Seen(answer.status());
  return answer->at("pit_id").get<std::string>();
}

void ArticleIndex::CloseView(const std::string& id) const {
  // Else it ends by itself.
  client_.Read("DELETE", "/_search/point_in_time", {{"pit_id", {id}}})
      .IgnoreError();
}

Json ArticleIndex::View(const std::string& id) {
  return {{"id", id}, {"keep_alive", kViewKept}};
}

}  // namespace dateline::store
