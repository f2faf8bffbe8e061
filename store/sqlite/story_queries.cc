#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/substitute.h"
#include "google/protobuf/util/time_util.h"
#include "store/core/limits.h"
#include "store/core/read_mask.h"
#include "store/core/serialized_article.h"
#include "store/sqlite/article_filter.h"
#include "store/sqlite/article_queries.h"
#include "store/sqlite/article_writer.h"
#include "store/sqlite/keyset.h"

namespace dateline::store {
namespace {

using google::protobuf::util::TimeUtil;

// $0: a filter.
constexpr char kList[] = R"sql(
SELECT id, uid, article_count, last_publish_us FROM stories
  WHERE (last_publish_us, uid) < (?1, ?2) AND article_count >= ?3
    AND $0 ORDER BY last_publish_us DESC, uid DESC LIMIT ?4)sql";
constexpr char kHasArticle[] = R"sql(EXISTS (
    SELECT 1 FROM signatures JOIN articles
      ON articles.signature = signatures.id
      WHERE signatures.story = stories.id AND $0))sql";

// Articles of a story by publish time, those without one last.
constexpr char kArticles[] = R"sql(
SELECT articles.publish_us, contents.article, articles.uid FROM signatures
  JOIN articles ON articles.signature = signatures.id
  JOIN contents ON contents.id = articles.id
  WHERE signatures.story = ?1
  ORDER BY articles.publish_us = ?2, articles.publish_us, articles.uid
  LIMIT ?3)sql";

google::protobuf::FieldMask MaskOf(std::initializer_list<const char*> paths) {
  google::protobuf::FieldMask mask;
  for (const char* path : paths) mask.add_paths(path);
  return mask;
}

// Everything but body and minhash.
const google::protobuf::FieldMask& StoryArticleMask() {
  static const auto* const kMask = [] {
    auto* mask = new google::protobuf::FieldMask();
    const auto* type = v1::Article::descriptor();
    for (int i = 0; i < type->field_count(); ++i) {
      const std::string& name = type->field(i)->name();
      if (name != "body" && name != "live_updates" && name != "minhash") {
        mask->add_paths(name);
      }
    }
    return mask;
  }();
  return *kMask;
}

void SetTime(int64_t time_us, google::protobuf::Timestamp& time) {
  time = TimeUtil::MicrosecondsToTimestamp(time_us);
}

// What the first article tells of its story.
void TellFirst(const v1::Article& first, int64_t publish_us, v1::Story& story) {
  story.set_headline(first.headline());
  if (first.has_publisher()) {
    *story.mutable_first_publisher() = first.publisher();
  }
  if (publish_us != kNoTime) {
    SetTime(publish_us, *story.mutable_first_publish_time());
  }
}

// `damaged` gets the uid of a first article that tells nothing.
absl::Status ReadFirst(Connection& connection, int64_t id, v1::Story& story,
                       std::vector<std::string>& damaged) {
  absl::StatusOr<Statement> select = connection.Prepare(kArticles);
  if (!select.ok()) return select.status();
  select->Bind(1, id).Bind(2, kNoTime).Bind(3, int64_t{1});
  const absl::StatusOr<bool> row = select->Step();
  if (!row.ok()) return row.status();
  if (!*row) return absl::DataLossError("a story without articles");
  if (!IsSerializedArticle(select->Bytes(1))) {
    damaged.emplace_back(select->Bytes(2));
    TellFirst({}, select->Int(0), story);
    return absl::OkStatus();
  }
  static const auto* const kMask =
      new google::protobuf::FieldMask(MaskOf({"headline", "publisher"}));
  const absl::StatusOr<v1::Article> first =
      ParseMasked(select->Bytes(1), *kMask);
  if (!first.ok()) return first.status();
  TellFirst(*first, select->Int(0), story);
  return absl::OkStatus();
}

absl::StatusOr<v1::Story> StoryOf(Connection& connection, int64_t id,
                                  absl::string_view uid, int64_t article_count,
                                  int64_t last_publish_us,
                                  std::vector<std::string>& damaged) {
  v1::Story story;
  story.set_uid(std::string(uid));
  story.set_article_count(article_count);
  if (last_publish_us != kNoTime) {
    SetTime(last_publish_us, *story.mutable_last_publish_time());
  }
  absl::Status status = ReadFirst(connection, id, story, damaged);
  if (!status.ok()) return status;
  return story;
}

absl::Status ReadArticles(Connection& connection, int64_t id,
                          v1::Story& story) {
  absl::StatusOr<Statement> select = connection.Prepare(kArticles);
  if (!select.ok()) return select.status();
  select->Bind(1, id).Bind(2, kNoTime).Bind(3, int64_t{kMaxStoryArticles});
  size_t size_bytes = 0;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    // The story without it would seem whole.
    if (!IsSerializedArticle(select->Bytes(1))) {
      return DamagedArticle(select->Bytes(2));
    }
    absl::StatusOr<v1::Article> article =
        ParseMasked(select->Bytes(1), StoryArticleMask());
    if (!article.ok()) return article.status();
    size_bytes += article->ByteSizeLong();
    if (story.articles_size() > 0 && size_bytes > kMaxPageBytes) break;
    *story.add_articles() = *std::move(article);
  }
  return row.status();
}

// An article that no other is like.
absl::StatusOr<v1::Story> StoryOfOne(Connection& connection,
                                     absl::string_view uid) {
  absl::StatusOr<StoredArticle> stored =
      GetArticle(connection, uid, StoryArticleMask());
  if (!stored.ok()) return stored.status();
  v1::Article& article = stored->article;
  const int64_t publish_us = article.publish_time().has_time()
                                 ? ToMicros(article.publish_time().time())
                                 : kNoTime;
  v1::Story story;
  story.set_uid(std::string(uid));
  story.set_article_count(1);
  TellFirst(article, publish_us, story);
  if (publish_us != kNoTime) {
    SetTime(publish_us, *story.mutable_last_publish_time());
  }
  *story.add_articles() = std::move(article);
  return story;
}

}  // namespace

absl::StatusOr<StoryPage> ListStories(Connection& connection,
                                      const StoryQuery& query) {
  const absl::StatusOr<TimeKey> begin = TimeKeyOf(query.page.cursor, true);
  if (!begin.ok()) return begin.status();
  const bool filtered = query.filter != filter::Condition();
  const ArticleFilter where(query.filter, 5);
  absl::StatusOr<Statement> select = where.Prepare(
      connection,
      absl::Substitute(
          kList, filtered ? absl::Substitute(kHasArticle, where.sql()) : "1"));
  if (!select.ok()) return select.status();
  select->Bind(1, begin->time_us)
      .BindText(2, begin->uid)
      .Bind(3, int64_t{query.min_articles})
      .Bind(4, static_cast<int64_t>(query.page.limit) + 1);
  StoryPage page;
  TimeKey last;
  absl::StatusOr<bool> row = false;
  while ((row = select->Step()).ok() && *row) {
    if (page.stories.size() == static_cast<size_t>(query.page.limit)) {
      page.next_cursor = ToCursor(last);
      return page;
    }
    last = {select->Int(3), std::string(select->Bytes(1))};
    absl::StatusOr<v1::Story> story =
        StoryOf(connection, select->Int(0), last.uid, select->Int(2),
                last.time_us, page.damaged);
    if (!story.ok()) return story.status();
    page.stories.push_back(*std::move(story));
  }
  if (!row.ok()) return row.status();
  return page;
}

absl::StatusOr<v1::Story> GetStory(Connection& connection,
                                   absl::string_view uid) {
  absl::StatusOr<Statement> select = connection.Prepare(
      "SELECT stories.id, stories.uid, article_count, last_publish_us "
      "FROM articles JOIN signatures ON signatures.id = articles.signature "
      "JOIN stories ON stories.id = signatures.story "
      "WHERE articles.uid = ?1");
  if (!select.ok()) return select.status();
  const absl::StatusOr<bool> row = select->BindText(1, uid).Step();
  if (!row.ok()) return row.status();
  if (!*row) return StoryOfOne(connection, uid);
  const int64_t id = select->Int(0);
  std::vector<std::string> damaged;  // which ReadArticles names
  absl::StatusOr<v1::Story> story =
      StoryOf(connection, id, select->Bytes(1), select->Int(2), select->Int(3),
              damaged);
  if (!story.ok()) return story.status();
  absl::Status status = ReadArticles(connection, id, *story);
  if (!status.ok()) return status;
  return story;
}

}  // namespace dateline::store
