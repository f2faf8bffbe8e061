#include "store/opensearch/story_reader.h"

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "google/protobuf/util/time_util.h"
#include "store/core/limits.h"
#include "store/opensearch/article_reader.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/page_filler.h"
#include "store/opensearch/queries.h"

namespace dateline::store {
namespace {

using google::protobuf::util::TimeUtil;
using Json = nlohmann::json;

// A story's articles by publish time, those without one last.
Json MemberSort() {
  Json time = Json::object();
  time[field::kPublishTime] = {{"order", "asc"}, {"missing", "_last"}};
  return Json::array({std::move(time), {{field::kUid, "asc"}}});
}

// What is listed of a story before its first article is known, and the cursor
// behind it.
struct Head {
  std::string uid = {};
  int64_t count = 0;
  std::optional<int64_t> last_us = {};
  std::string cursor = {};
};

Head ToHead(const Json& source) {
  Head head = {.uid = source.at(field::kUid).get<std::string>(),
               .count = source.at(field::kStoryCount).get<int64_t>()};
  if (const auto last = source.find(field::kStoryLast);
      last != source.end() && last->is_number_integer()) {
    head.last_us = last->get<int64_t>();
  }
  return head;
}

v1::Story ToStory(const Head& head, const v1::Article& first) {
  v1::Story story;
  story.set_uid(head.uid);
  story.set_article_count(head.count);
  story.set_headline(first.headline());
  if (first.has_publisher()) {
    *story.mutable_first_publisher() = first.publisher();
  }
  if (first.publish_time().has_time()) {
    *story.mutable_first_publish_time() = first.publish_time().time();
  }
  if (head.last_us.has_value()) {
    *story.mutable_last_publish_time() =
        TimeUtil::MicrosecondsToTimestamp(*head.last_us);
  }
  return story;
}

// One article of each of the stories: the first by MemberSort of those under
// `filter`. Stories without one are left out.
absl::StatusOr<std::map<std::string, Json>> OnePerStory(
    const ArticleIndex& index, const std::vector<Head>& heads,
    const filter::Condition& filter, const Json& fields) {
  std::vector<std::string> uids;
  for (const Head& head : heads) uids.push_back(head.uid);
  const Json query = AllOf(Json::array(
      {SelectionQuery({.filter = filter}), TermsQuery(field::kStory, uids)}));
  const absl::StatusOr<Json> answer =
      index.Search({{"query", query},
                    {"collapse", {{"field", field::kStory}}},
                    {"sort", MemberSort()},
                    {"_source", fields},
                    {"size", uids.size()}});
  if (!answer.ok()) return answer.status();
  std::map<std::string, Json> found;
  for (const Json& hit : answer->at("hits").at("hits")) {
    found.emplace(hit.at("_source").at(field::kStory).get<std::string>(), hit);
  }
  return found;
}

// Appends those of `heads` that fit the page and have an article under the
// filter; false where the page is full.
absl::StatusOr<bool> Append(const ArticleIndex& index, const StoryQuery& query,
                            std::vector<Head> heads, PageFiller& filler,
                            StoryPage& page) {
  if (heads.empty()) return true;
  if (query.filter != filter::Condition()) {
    const absl::StatusOr<std::map<std::string, Json>> under =
        OnePerStory(index, heads, query.filter, {field::kStory});
    if (!under.ok()) return under.status();
    std::erase_if(heads,
                  [&](const Head& head) { return !under->contains(head.uid); });
    if (heads.empty()) return true;
  }
  const absl::StatusOr<std::map<std::string, Json>> firsts = OnePerStory(
      index, heads, filter::Condition(), {field::kStory, field::kArticle});
  if (!firsts.ok()) return firsts.status();
  for (const Head& head : heads) {
    const auto first = firsts->find(head.uid);
    // Taken back since.
    if (first == firsts->end()) continue;
    const absl::StatusOr<v1::Article> article = ArticleOf(first->second, {});
    if (!article.ok()) return article.status();
    v1::Story story = ToStory(head, *article);
    if (!filler.Take(story.ByteSizeLong(), head.cursor)) return false;
    page.stories.push_back(std::move(story));
  }
  return true;
}

Json HeadsQuery(int min_articles) {
  Json range = Json::object();
  range[field::kStoryCount] = {{"gte", min_articles}};
  return AllOf(Json::array({TermQuery(field::kKind, field::kKindArticle),
                            {{"range", std::move(range)}}}));
}

}  // namespace

absl::StatusOr<StoryPage> ListStories(const ArticleIndex& index,
                                      const StoryQuery& query) {
  const absl::StatusOr<std::optional<Json>> after =
      ReadCursor(query.page.cursor, 2);
  if (!after.ok()) return after.status();
  const int at_a_time = HitsAtATime(query.page);
  const Json body = {
      {"query", HeadsQuery(query.min_articles)},
      {"sort", StorySort()},
      {"_source", {field::kUid, field::kStoryCount, field::kStoryLast}}};
  StoryPage page;
  PageFiller filler(query.page);
  std::vector<Head> heads;
  absl::Status status = index.ForEachHit(
      body, after->value_or(Json()), at_a_time,
      [&](const Json& hit) -> absl::StatusOr<bool> {
        Head head = ToHead(hit.at("_source"));
        head.cursor = Dump(hit.at("sort"));
        heads.push_back(std::move(head));
        if (heads.size() < static_cast<size_t>(at_a_time)) return true;
        return Append(index, query, std::exchange(heads, {}), filler, page);
      });
  if (status.ok()) {
    status = Append(index, query, std::move(heads), filler, page).status();
  }
  if (!status.ok()) return status;
  page.next_cursor = filler.NextCursor();
  return page;
}

absl::StatusOr<v1::Story> ReadStory(const ArticleIndex& index,
                                    absl::string_view uid) {
  const absl::StatusOr<std::vector<Json>> documents =
      index.Get({ArticleId(uid)}, {field::kKind, field::kStory}, false);
  if (!documents.ok()) return documents.status();
  const Json& document = documents->front();
  if (!document.value("found", false) ||
      document.at("_source").at(field::kKind) != field::kKindArticle) {
    return NoSuchArticle(uid);
  }
  const std::string story_uid = document.at("_source").at(field::kStory);
  const absl::StatusOr<std::vector<Json>> heads =
      index.Get({ArticleId(story_uid)},
                {field::kUid, field::kStoryCount, field::kStoryLast}, false);
  if (!heads.ok()) return heads.status();
  const absl::StatusOr<Json> answer = index.Search(
      {{"query",
        AllOf(Json::array({TermQuery(field::kKind, field::kKindArticle),
                           TermQuery(field::kStory, story_uid)}))},
       {"sort", MemberSort()},
       {"_source", {field::kArticle}},
       {"size", kMaxStoryArticles}});
  if (!answer.ok()) return answer.status();
  std::vector<v1::Article> articles;
  size_t bytes = 0;
  for (const Json& hit : answer->at("hits").at("hits")) {
    absl::StatusOr<v1::Article> article = ArticleOf(hit, {});
    if (!article.ok()) return article.status();
    article->clear_body();
    article->clear_live_updates();
    article->clear_minhash();
    bytes += article->ByteSizeLong();
    if (!articles.empty() && bytes > kMaxPageBytes) break;
    articles.push_back(*std::move(article));
  }
  if (articles.empty() || !heads->front().value("found", false) ||
      !heads->front().at("_source").contains(field::kStoryCount)) {
    return absl::UnavailableError("the story is being set right");
  }
  v1::Story story =
      ToStory(ToHead(heads->front().at("_source")), articles.front());
  for (v1::Article& article : articles) {
    *story.add_articles() = std::move(article);
  }
  return story;
}

}  // namespace dateline::store
