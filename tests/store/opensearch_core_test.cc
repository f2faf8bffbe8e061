// What the OpenSearch engine decides without OpenSearch.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "absl/strings/match.h"
#include "google/protobuf/util/message_differencer.h"
#include "store/core/near_duplicate.h"
#include "store/opensearch/article_state.h"
#include "store/opensearch/errors.h"
#include "store/opensearch/index_fields.h"
#include "store/opensearch/index_template.h"
#include "store/opensearch/page_filler.h"
#include "store/opensearch/queries.h"
#include "store/opensearch/story_closure.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Json = nlohmann::json;

Folded FoldAll(std::optional<ArticleState> before,
               const std::vector<ArticleChange>& changes) {
  std::vector<const ArticleChange*> pointers;
  for (const ArticleChange& change : changes) pointers.push_back(&change);
  return Fold(std::move(before), pointers);
}

const std::vector<ArticleChange>& Life() {
  static const auto& changes = *new std::vector<ArticleChange>{
      ChangeTo(MakeArticle("u", 1'000, "A", "a"), 3),
      ChangeTo(MakeArticle("u", 2'000, "A", "a"), 5),
      ChangeTo(MakeArticle("u", 1'500, "A", "late"), 6),
      ChangeTo(MakeArticle("u", 3'000, "B", "b"), 8),
      Tombstone("u", 9),
      ChangeTo(MakeArticle("u", 4'000, "C", "c"), 12),
      ChangeTo(MakeArticle("u", 5'000, "D", "d"), 13)};
  return changes;
}

TEST(OpenSearchFold, CountsAndKeepsWhatRecordsMake) {
  const Folded folded =
      FoldAll(std::nullopt, {Life().begin(), Life().begin() + 4});
  EXPECT_TRUE(folded.changed);
  EXPECT_EQ(folded.counts,
            (ApplyCounts{.stored = 2, .seen_again = 1, .stale = 1}));
  ASSERT_TRUE(folded.state.has_value());
  EXPECT_EQ(folded.state->applied, (kafka::Position{{kTopic, 0}, 9}));
  EXPECT_EQ(folded.state->seen_count, 3);
  EXPECT_EQ(folded.state->revision_count, 2);
  EXPECT_EQ(folded.state->text_version, 3'000);
  ASSERT_EQ(folded.archived.size(), 1);
  EXPECT_EQ(folded.archived[0].version(), 1'000);
  EXPECT_EQ(folded.archived[0].text(), "a");
  EXPECT_FALSE(folded.forget_archived);
}

TEST(OpenSearchFold, BeginsAnewAfterATombstone) {
  const Folded folded = FoldAll(std::nullopt, Life());
  EXPECT_EQ(
      folded.counts,
      (ApplyCounts{.stored = 4, .seen_again = 1, .stale = 1, .deleted = 1}));
  EXPECT_EQ(folded.state->first_seen_us, 4'000'000);
  EXPECT_EQ(folded.state->seen_count, 2);
  EXPECT_TRUE(folded.forget_archived);
  ASSERT_EQ(folded.archived.size(), 1);
  EXPECT_EQ(folded.archived[0].version(), 4'000);
}

// Wherever a batch is cut, wherever it begins again: the same document, and
// each record counted once.
TEST(OpenSearchFold, MakesTheSameOfEveryDivisionAndReplay) {
  const Folded whole = FoldAll(std::nullopt, Life());
  const Json expected = ToDocument("u", *whole.state);
  for (size_t cut = 0; cut <= Life().size(); ++cut) {
    const auto middle = Life().begin() + static_cast<std::ptrdiff_t>(cut);
    const Folded first = FoldAll(std::nullopt, {Life().begin(), middle});
    // Through the index and back.
    std::optional<ArticleState> stored;
    if (first.state.has_value()) {
      stored = ToState(ToDocument("u", *first.state)).value();
    }
    const Folded second = FoldAll(stored, Life());
    EXPECT_EQ(ToDocument("u", *second.state), expected) << cut;
    const int64_t stored_count = first.counts.stored + second.counts.stored;
    EXPECT_EQ(stored_count, whole.counts.stored) << cut;
    EXPECT_FALSE(FoldAll(second.state, Life()).changed);
  }
}

TEST(OpenSearchFold, TakesRecordsOfAnotherPartition) {
  const Folded first =
      FoldAll(std::nullopt, {ChangeTo(MakeArticle("u", 1, "A", "a"), 500)});
  const Folded second =
      FoldAll(first.state, {ChangeTo(MakeArticle("u", 2, "B", "b"), 7, 1)});
  EXPECT_TRUE(second.changed);
  EXPECT_EQ(second.state->applied, (kafka::Position{{kTopic, 1}, 8}));
}

TEST(OpenSearchFold, MakesNothingOfATombstoneForNobody) {
  const Folded folded = FoldAll(std::nullopt, {Tombstone("u", 0)});
  EXPECT_FALSE(folded.changed);
  EXPECT_FALSE(folded.state.has_value());
  EXPECT_EQ(folded.counts, ApplyCounts{.stale = 1});
}

TEST(OpenSearchDocument, LeavesOutWhatIsNotKnown) {
  const Folded folded =
      FoldAll(std::nullopt, {ChangeTo(MakeArticle("u", 1, "A", "a"), 0)});
  const Json document = ToDocument("u", *folded.state);
  for (const char* name :
       {field::kPublisher, field::kAuthor, field::kAccess, field::kArticleType,
        field::kPublishTime, field::kDay, field::kBands, field::kStoryLast}) {
    EXPECT_FALSE(document.contains(name)) << name;
  }
}

// The mappings are strict: a field they don't have would stop everything.
TEST(OpenSearchDocument, HasOnlyFieldsThatAreMapped) {
  v1::Article article = MakeDatedArticle("u", 5);
  article.mutable_publisher()->set_name("Dawn");
  article.mutable_publisher()->set_domain("dawn.com");
  article.mutable_language()->set_tag("en");
  article.set_section("World");
  article.add_authors()->set_name("A. Khan");
  article.add_keywords("kabul");
  article.set_access(v1::ACCESS_FREE);
  article.set_article_type(v1::ARTICLE_TYPE_NEWS);
  for (uint32_t i = 0; i < 64; ++i) article.add_minhash(i);
  const Folded folded = FoldAll(std::nullopt, {ChangeTo(article, 0)});
  const Json properties = IndexDefinition(1)["mappings"]["properties"];
  const Json document = ToDocument("u", *folded.state);
  EXPECT_GT(document.size(), 30);
  for (const auto& [name, value] : document.items()) {
    EXPECT_TRUE(properties.contains(name)) << name;
  }
}

TEST(OpenSearchDocument, IsDataLossWhereItCannotBeRead) {
  const Json source = {{field::kKind, field::kKindArticle},
                       {field::kArticle, "%%%"}};
  EXPECT_TRUE(absl::IsDataLoss(ToState(source).status()));
}

TEST(OpenSearchDocument, HasAnIdForAUidOfAnyLength) {
  EXPECT_EQ(ArticleId("u"), "a:u");
  EXPECT_LT(ArticleId(std::string(5'000, 'u')).size(), 100);
  EXPECT_NE(ArticleId(std::string(5'000, 'u')),
            ArticleId(std::string(5'001, 'u')));
}

// Articles 0 and 1 are near-duplicates, as are 1 and 2, but not 0 and 2; what
// has a greater number is like none of them.
StoryMember Link(uint32_t place, int64_t publish_us) {
  v1::Article article;
  for (uint32_t i = 0; i < 64; ++i) {
    const uint32_t changes_at = i >= 56                         ? 3
                                : i < 12 || (i >= 24 && i < 40) ? 1
                                                                : 2;
    const uint32_t changed = place >= changes_at ? 1 : 0;
    article.add_minhash(((place / 3) << 20) + (changed << 10) + i);
  }
  const std::string uid(1, static_cast<char>('a' + place));
  return {.uid = uid,
          .signature = SignatureOf(article),
          .publish_us = publish_us,
          .story_uid = uid,
          .story_count = 1,
          .story_last_us = publish_us};
}

std::map<std::string, std::string> StoriesOf(
    const std::vector<StoryMember>& members) {
  std::map<std::string, std::string> stories;
  for (const StoryMember& member : members) {
    stories[member.uid] = member.story_uid;
  }
  return stories;
}

TEST(StoryClosure, FollowsAChainBandByBand) {
  const std::vector<StoryMember> chain = {Link(0, 10), Link(1, 30),
                                          Link(2, 20)};
  ASSERT_TRUE(AreNearDuplicates(chain[0].signature, chain[1].signature));
  ASSERT_TRUE(AreNearDuplicates(chain[1].signature, chain[2].signature));
  ASSERT_FALSE(AreNearDuplicates(chain[0].signature, chain[2].signature));
  StoryClosure closure;
  closure.AddSeeds({chain[2]});
  EXPECT_EQ(closure.TakeBands().size(), kBands);
  closure.AddNeighbours({chain[1], chain[2]});
  EXPECT_THAT(closure.TakeBands(), ::testing::Not(IsEmpty()));
  closure.AddNeighbours({chain[0], chain[1]});
  EXPECT_THAT(closure.TakeBands(), ::testing::Not(IsEmpty()));
  closure.AddNeighbours({chain[0]});
  EXPECT_THAT(closure.TakeBands(), IsEmpty());
  const std::vector<StoryMember> corrections = closure.Corrections();
  EXPECT_EQ(StoriesOf(corrections), (std::map<std::string, std::string>{
                                        {"a", "a"}, {"b", "a"}, {"c", "a"}}));
  EXPECT_EQ(corrections[0].story_count, 3);
  EXPECT_EQ(corrections[0].story_last_us, 30);
  EXPECT_EQ(corrections[1].story_count, std::nullopt);
}

// One that shares a band with what came first, but is only a near-duplicate of
// what comes later.
TEST(StoryClosure, KeepsWhatIsNoNeighbourYet) {
  const std::vector<StoryMember> chain = {Link(0, 1), Link(1, 2), Link(2, 3)};
  StoryClosure closure;
  closure.AddSeeds({chain[0]});
  closure.AddNeighbours({chain[2]});
  EXPECT_THAT(closure.Corrections(), IsEmpty());
  closure.AddNeighbours({chain[1]});
  EXPECT_EQ(closure.Corrections().size(), 3);
}

TEST(StoryClosure, DividesWhatHoldsTogetherNoMore) {
  StoryMember a = Link(0, 1);
  StoryMember c = Link(2, 3);
  a.story_count = 3;
  c.story_uid = "a";
  c.story_count.reset();
  c.story_last_us.reset();
  StoryClosure closure;
  closure.AddSeeds({a, c});
  EXPECT_EQ(StoriesOf(closure.Corrections()),
            (std::map<std::string, std::string>{{"a", "a"}, {"c", "c"}}));
}

TEST(StoryClosure, CorrectsNothingThatIsRight) {
  StoryClosure closure;
  closure.AddSeeds({Link(0, 1), Link(8, 2)});
  EXPECT_THAT(closure.Corrections(), IsEmpty());
}

TEST(OpenSearchErrors, TellWhatTheCallerShouldDo) {
  const auto code = [](long status) {
    return ErrorStatus("a write", status, "reason").code();
  };
  EXPECT_EQ(code(400), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(401), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(403), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(404), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(409), absl::StatusCode::kAborted);
  EXPECT_EQ(code(429), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(500), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(503), absl::StatusCode::kUnavailable);
}

TEST(OpenSearchErrors, GiveTheInnermostReason) {
  const Json error = Json::parse(R"({
      "type": "mapper_parsing_exception", "reason": "failed to parse",
      "caused_by": {"type": "x", "reason": "is no number"}})");
  EXPECT_EQ(ErrorStatus("the write of a:u", 400, error).message(),
            "OpenSearch answered 400 to the write of a:u: is no number");
  EXPECT_THAT(std::string(ErrorStatus("GET /", 502, Json()).message()),
              HasSubstr("no reason given"));
}

TEST(OpenSearchErrors, StopTheJsonLibrarysExceptions) {
  const absl::StatusOr<int> read = Guarded([]() -> absl::StatusOr<int> {
    return Json::parse(R"({"hits": 1})").at("hits").at("total").get<int>();
  });
  EXPECT_TRUE(absl::IsUnavailable(read.status())) << read.status();
}

TEST(OpenSearchQueries, AskForEachTermWhereItMayStand) {
  const Json query =
      SelectionQuery({.terms = {{.text = "river commission"},
                                {.field = SearchTerm::Field::kHeadline,
                                 .text = "minist",
                                 .prefix = true},
                                {.field = SearchTerm::Field::kBody,
                                 .text = "北京",
                                 .prefix = true}}});
  EXPECT_EQ(query["bool"]["must"], Json::parse(R"([
      {"multi_match": {"query": "river commission", "type": "phrase",
                       "fields": ["headline^5", "body"], "tie_breaker": 1.0}},
      {"multi_match": {"query": "minist", "type": "bool_prefix",
                       "fields": ["headline^5"], "tie_breaker": 1.0}},
      {"multi_match": {"query": "北京", "type": "phrase_prefix",
                       "fields": ["body"], "tie_breaker": 1.0,
                       "max_expansions": 1000}}])"));
}

TEST(OpenSearchQueries, ReadOnlyCursorsOfTheirShape) {
  EXPECT_EQ(ReadCursor("", 2).value(), std::nullopt);
  EXPECT_EQ(ReadCursor(R"([-9223372036854775808,"u"])", 2).value(),
            Json::parse(R"([-9223372036854775808,"u"])"));
  for (const char* cursor : {"x", "1", "[]", "[1]", "[1,2]", R"(["u",1])",
                             R"([{"a":1},"u"])", R"([1,"u",2])", R"([1,"u")"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(ReadCursor(cursor, 2).status()))
        << cursor;
  }
}

TEST(OpenSearchQueries, MakeASnippetOfAFragment) {
  const v1::Article article =
      MakeArticle("u", 1, "Title", "Before. The tariff came in. After.");
  const auto snippet = [&](const char* field, const char* fragment) {
    Json hit = Json::object();
    hit["highlight"][field] = {fragment};
    return SnippetOf(hit, article);
  };
  EXPECT_EQ(snippet("body", "The \u2068tariff\u2069 came in."),
            "\u2026The \u2068tariff\u2069 came in.\u2026");
  EXPECT_EQ(snippet("body", "Before. The \u2068ta\u2069\u2068riff\u2069"),
            "Before. The \u2068tariff\u2069\u2026");
  EXPECT_EQ(snippet("headline", "\u2068Title\u2069"), "\u2068Title\u2069");
  EXPECT_EQ(SnippetOf(Json::object(), article), "");
}

TEST(OpenSearchQueries, BoundASnippetWithoutCuttingLettersOrMarks) {
  std::string text;
  for (int i = 0; i < 5'000; ++i) text += "é";
  const std::string marked = "Start " + text + "\u2068" + text + "\u2069";
  Json hit = Json::object();
  hit["highlight"]["body"] = {marked};
  const std::string snippet =
      SnippetOf(hit, MakeArticle("u", 1, "Title", "Start " + text + text));
  EXPECT_LT(snippet.size(), 2'100);
  EXPECT_TRUE(absl::StrContains(snippet, "é\u2068é"));
  EXPECT_TRUE(absl::StartsWith(snippet, "\u2026é"));
  EXPECT_TRUE(absl::EndsWith(snippet, "é\u2069\u2026"));
}

TEST(OpenSearchQueries, DoNotTrustCountsThatMayBeWrong) {
  Json answer = Json::parse(R"({
      "hits": {"total": {"value": 9}},
      "aggregations": {
        "missing": {"doc_count": 1},
        "groups": {"doc_count_error_upper_bound": 0, "sum_other_doc_count": 3,
                   "buckets": [{"key": "a", "doc_count": 5}]}}})");
  const auto response = ReadAggregations(answer);
  ASSERT_TRUE(response.has_value());
  EXPECT_EQ(response->groups(0).value(), "a");
  EXPECT_EQ(response->other_count(), 3);
  EXPECT_EQ(response->missing_count(), 1);
  EXPECT_EQ(response->total_count(), 9);
  answer["aggregations"]["groups"]["doc_count_error_upper_bound"] = 2;
  EXPECT_EQ(ReadAggregations(answer), std::nullopt);
}

TEST(PageFiller, EndsAtEitherLimitAndTakesOneInAnyCase) {
  const PageLimits limits = {.limit = 3, .max_bytes = 10};
  PageFiller filler(limits);
  EXPECT_TRUE(filler.Take(50, "1"));
  EXPECT_EQ(filler.NextCursor(), "");
  EXPECT_FALSE(filler.Take(1, "2"));
  EXPECT_EQ(filler.NextCursor(), "1");
  PageFiller other(limits);
  for (const char* cursor : {"1", "2", "3"}) EXPECT_TRUE(other.Take(1, cursor));
  EXPECT_EQ(other.NextCursor(), "");
  EXPECT_FALSE(other.Take(1, "4"));
  EXPECT_EQ(other.NextCursor(), "3");
}

}  // namespace
}  // namespace dateline::store
