#include "fetcher/core/proto_time.h"
#include "fetcher/core/source_rules.h"
#include "fetcher/core/source_table.h"
#include "fetcher/core/submission.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

v1::CreateSourceRequest Feed(const std::string& id, const std::string& url) {
  v1::CreateSourceRequest request;
  request.set_source_id(id);
  request.mutable_source()->set_kind(v1::SOURCE_KIND_FEED);
  request.mutable_source()->set_url(url);
  return request;
}

TEST(SourceRulesTest, NamesSourcesByTheirHosts) {
  EXPECT_EQ(SourceIdOf("https://www.news.example/feed", false), "news-example");
  EXPECT_EQ(SourceIdOf("http://127.0.0.1:8080/feed", false),
            "host-127-0-0-1-8080");
  EXPECT_EQ(SourceIdOf("https://news.example/feed", true).size(),
            std::string("news-example-12345678").size());
  const std::string long_host =
      "https://" + std::string(60, 'a') + "." + std::string(60, 'b') + "/";
  EXPECT_TRUE(CheckSourceName("sources/" + SourceIdOf(long_host, true)).ok());
}

TEST(SourceRulesTest, FillsInDefaults) {
  const v1::Source source =
      NewSource(Feed("", "HTTP://News.example:80/feed#x"), kNow).value();
  EXPECT_EQ(source.name(), "sources/news-example");
  EXPECT_EQ(source.url(), "http://news.example/feed");
  EXPECT_EQ(FromProto(source.interval()), absl::Minutes(5));
  EXPECT_EQ(FromProto(source.create_time()), kNow);
  EXPECT_FALSE(source.etag().empty());
}

TEST(SourceRulesTest, RefusesWhatIsWrong) {
  EXPECT_TRUE(absl::IsInvalidArgument(
      NewSource(Feed("Upper", "http://a.example/"), kNow).status()));
  EXPECT_TRUE(
      absl::IsInvalidArgument(NewSource(Feed("a", "no url"), kNow).status()));
  v1::CreateSourceRequest fast = Feed("a", "http://a.example/");
  *fast.mutable_source()->mutable_interval() = ToProto(absl::Seconds(1));
  EXPECT_TRUE(absl::IsInvalidArgument(NewSource(fast, kNow).status()));
  v1::CreateSourceRequest sitemap = Feed("a", "http://a.example/");
  sitemap.mutable_source()->set_kind(v1::SOURCE_KIND_SITEMAP);
  EXPECT_TRUE(NewSource(sitemap, kNow).ok());
  sitemap.mutable_source()->clear_kind();
  EXPECT_TRUE(absl::IsInvalidArgument(NewSource(sitemap, kNow).status()));
}

TEST(SourceRulesTest, ChangesOnlyWhatTheMaskNames) {
  const v1::Source present =
      NewSource(Feed("a", "http://a.example/"), kNow).value();
  v1::UpdateSourceRequest request;
  request.mutable_source()->set_name("sources/a");
  request.mutable_source()->set_display_name("A");
  request.mutable_source()->set_publisher("ignored");
  request.mutable_update_mask()->add_paths("display_name");
  const v1::Source changed =
      ChangedSource(present, request, kNow + absl::Hours(1)).value();
  EXPECT_EQ(changed.display_name(), "A");
  EXPECT_EQ(changed.publisher(), "");
  EXPECT_EQ(changed.url(), present.url());
  EXPECT_NE(changed.etag(), present.etag());

  request.mutable_source()->set_etag("old");
  EXPECT_TRUE(absl::IsAborted(ChangedSource(present, request, kNow).status()));
  request.mutable_source()->set_etag(present.etag());
  request.mutable_update_mask()->add_paths("name");
  EXPECT_TRUE(
      absl::IsInvalidArgument(ChangedSource(present, request, kNow).status()));
}

TEST(SourceRulesTest, LeavesWhatOnlyTheServiceSets) {
  v1::CreateSourceRequest create = Feed("a", "http://a.example/");
  create.mutable_source()->set_from_file(true);
  v1::Source present = NewSource(create, kNow).value();
  EXPECT_FALSE(present.from_file());
  // As it was read, with one change and no mask.
  present.set_from_file(true);
  v1::UpdateSourceRequest update;
  *update.mutable_source() = present;
  update.mutable_source()->set_paused(true);
  const v1::Source changed = ChangedSource(present, update, kNow).value();
  EXPECT_TRUE(changed.paused());
  EXPECT_TRUE(changed.from_file());
  EXPECT_EQ(changed.name(), present.name());
}

TEST(SourceTableTest, ListsByNameInPages) {
  SourceTable table;
  for (const char* id : {"c", "a", "b"}) {
    const v1::Source source =
        NewSource(Feed(id, "http://a.example/"), kNow).value();
    ASSERT_TRUE(table.Apply(source.name(), source.SerializeAsString()).ok());
  }
  v1::ListSourcesRequest request;
  request.set_page_size(2);
  const v1::ListSourcesResponse first = table.List(request).value();
  ASSERT_EQ(first.sources_size(), 2);
  EXPECT_EQ(first.sources(0).name(), "sources/a");
  EXPECT_EQ(first.sources(1).name(), "sources/b");
  request.set_page_token(first.next_page_token());
  const v1::ListSourcesResponse second = table.List(request).value();
  ASSERT_EQ(second.sources_size(), 1);
  EXPECT_EQ(second.sources(0).name(), "sources/c");
  EXPECT_EQ(second.next_page_token(), "");
  request.set_page_token("???");
  EXPECT_FALSE(table.List(request).ok());
  request.set_page_size(-1);
  EXPECT_FALSE(table.List(request).ok());
}

TEST(SourceTableTest, TombstonesDelete) {
  SourceTable table;
  const v1::Source source =
      NewSource(Feed("a", "http://a.example/"), kNow).value();
  ASSERT_TRUE(table.Apply(source.name(), source.SerializeAsString()).ok());
  EXPECT_TRUE(table.Find("sources/a").has_value());
  EXPECT_FALSE(table.Apply("sources/b", source.SerializeAsString()).ok());
  ASSERT_TRUE(table.Apply("sources/a", std::nullopt).ok());
  EXPECT_FALSE(table.Find("sources/a").has_value());
}

TEST(SubmissionTest, RefusesWithASentence) {
  for (const std::string& url :
       {std::string(""), std::string("news"), std::string("ftp://a.example/"),
        std::string("http://me:secret@a.example/"),
        "http://a.example/" + std::string(9000, 'x')}) {
    v1::SubmitUrlsRequest request;
    request.set_url(url);
    const SubmissionDecision decision = DecideSubmission(request, kNow);
    EXPECT_EQ(decision.answer.result(), v1::SUBMIT_RESULT_REFUSED) << url;
    EXPECT_EQ(decision.answer.url(), url);
    EXPECT_EQ(decision.answer.canonical_url(), "");
    EXPECT_FALSE(decision.answer.reason().empty());
    EXPECT_FALSE(decision.submission.has_value());
  }
}

TEST(SubmissionTest, AcceptsTheCanonicalForm) {
  v1::SubmitUrlsRequest request;
  request.set_url("HTTP://A.example/x#y");
  request.mutable_hints()->set_title("T");
  const SubmissionDecision decision = DecideSubmission(request, kNow);
  EXPECT_EQ(decision.answer.result(), v1::SUBMIT_RESULT_ACCEPTED);
  EXPECT_EQ(decision.answer.canonical_url(), "http://a.example/x");
  EXPECT_EQ(decision.answer.uid().size(), 32U);
  ASSERT_TRUE(decision.submission.has_value());
  EXPECT_EQ(decision.submission->url(), "http://a.example/x");
  EXPECT_EQ(decision.submission->hints().title(), "T");
}

}  // namespace
}  // namespace dateline::fetcher
