#include "store/service.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/server.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "store/article_tail.h"
#include "store/sqlite/sqlite_repository.h"
#include "tests/store/temporary_directory.h"
#include "tests/store/test_articles.h"
#include "tests/support/fake_kafka.h"

namespace dateline::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

class ServiceTest : public ::testing::Test {
 protected:
  ServiceTest() : ServiceTest(absl::Minutes(1), absl::Minutes(1)) {}
  ServiceTest(absl::Duration query_timeout, absl::Duration export_write_limit)
      : query_timeout_(query_timeout), export_write_limit_(export_write_limit) {
    broker_.CreateTopic(kTopic, 2);
    repository_ = *SqliteRepository::Open(
        {.path = directory_.File("store.db"), .readers = 2}, absl::Now());
    service_ = std::make_unique<ArticleStoreServiceImpl>(
        ServiceParts{.articles = *repository_,
                     .pool = pool_,
                     .export_pool = export_pool_,
                     .export_slots = export_slots_,
                     .brief_slots = brief_slots_,
                     .watch_source = source_,
                     .recent = recent_,
                     .hub = hub_,
                     .deleter = deleter_,
                     .metrics = metrics_,
                     .query_timeout = query_timeout_,
                     .export_write_limit = export_write_limit_});
    server_ = *rpc::Server::Start(
        "127.0.0.1:0",
        {{service_.get(), v1::ArticleStoreService::service_full_name()}});
    stub_ = v1::ArticleStoreService::NewStub(
        grpc::CreateChannel("127.0.0.1:" + std::to_string(server_->port()),
                            grpc::InsecureChannelCredentials()));
    tail_.Start();
    while (!recent_.End().has_value()) std::this_thread::yield();
  }
  ~ServiceTest() override {
    hub_.Stop();
    tail_.Stop();
    server_->Shutdown(absl::Seconds(5));
  }

  void Store(const std::vector<v1::Article>& articles) {
    ArticleBatch batch;
    for (const v1::Article& article : articles) {
      batch.changes.push_back(ChangeTo(article, next_offset_++));
    }
    ASSERT_TRUE(repository_->Apply(batch).ok());
  }
  template <typename Request, typename Response>
  grpc::Status Call(grpc::Status (v1::ArticleStoreService::Stub::*method)(
                        grpc::ClientContext*, const Request&, Response*),
                    const Request& request, Response& response) {
    grpc::ClientContext context;
    return (stub_.get()->*method)(&context, request, &response);
  }

  using Stub = v1::ArticleStoreService::Stub;
  const absl::Duration query_timeout_;
  const absl::Duration export_write_limit_;
  const TemporaryDirectory directory_;
  kafka::FakeBroker broker_;
  const WatchSource source_ = {
      .factory = [this]() -> absl::StatusOr<std::unique_ptr<kafka::Consumer>> {
        return std::make_unique<kafka::FakeConsumer>(&broker_);
      },
      .topic = kTopic};
  Metrics metrics_;
  std::unique_ptr<SqliteRepository> repository_;
  RecentArrivals recent_{1 << 20};
  WatchHub hub_{2, metrics_};
  ThreadPool pool_{1, 1};
  ThreadPool export_pool_{1, 2};
  Slots export_slots_{2};
  Slots brief_slots_{1};
  ArticleDeleter deleter_{std::make_unique<kafka::FakeProducer>(&broker_),
                          kTopic, absl::ZeroDuration()};
  std::unique_ptr<ArticleStoreServiceImpl> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::ArticleStoreService::Stub> stub_;
  ArticleTail tail_{source_.factory, kTopic, recent_};
  int64_t next_offset_ = 0;
};

TEST_F(ServiceTest, GetsAnArticleWithTheFieldsAskedFor) {
  Store({MakeDatedArticle("u", 7)});
  v1::GetArticleRequest request;
  request.set_uid("u");
  request.mutable_read_mask()->add_paths("headline");
  v1::GetArticleResponse response;
  const grpc::Status status = Call(&Stub::GetArticle, request, response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  v1::Article expected;
  expected.set_headline("Headline of u");
  EXPECT_THAT(response.article(), EqualsProto(expected));
  EXPECT_EQ(response.history().seen_count(), 1);
}

TEST_F(ServiceTest, SaysWhichArticleItDoesNotHave) {
  v1::GetArticleRequest request;
  v1::GetArticleResponse response;
  EXPECT_EQ(Call(&Stub::GetArticle, request, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.set_uid("nobody");
  const grpc::Status status = Call(&Stub::GetArticle, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(status.error_message(), HasSubstr("nobody"));
}

TEST_F(ServiceTest, GetsSeveralArticlesAndNamesThoseItDoesNotHave) {
  Store({MakeDatedArticle("a", 1), MakeDatedArticle("b", 2)});
  v1::BatchGetArticlesRequest request;
  for (const char* uid : {"b", "x", "a"}) request.add_uids(uid);
  request.mutable_read_mask()->add_paths("uid");
  v1::BatchGetArticlesResponse response;
  ASSERT_TRUE(Call(&Stub::BatchGetArticles, request, response).ok());
  v1::BatchGetArticlesResponse expected;
  expected.add_articles()->set_uid("b");
  expected.add_articles()->set_uid("a");
  expected.add_missing_uids("x");
  EXPECT_THAT(response, EqualsProto(expected));
}

TEST_F(ServiceTest, ListsInPages) {
  Store({MakeDatedArticle("a", 1), MakeDatedArticle("b", 2),
         MakeDatedArticle("c", 3)});
  v1::ListArticlesRequest request;
  request.set_page_size(2);
  request.set_order_by("publish_time  desc");
  v1::ListArticlesResponse first;
  ASSERT_TRUE(Call(&Stub::ListArticles, request, first).ok());
  ASSERT_EQ(first.articles_size(), 2);
  EXPECT_EQ(first.articles(0).uid(), "c");
  EXPECT_EQ(first.articles(1).uid(), "b");
  request.set_page_token(first.next_page_token());
  v1::ListArticlesResponse second;
  ASSERT_TRUE(Call(&Stub::ListArticles, request, second).ok());
  ASSERT_EQ(second.articles_size(), 1);
  EXPECT_EQ(second.articles(0).uid(), "a");
  EXPECT_EQ(second.next_page_token(), "");
}

// The details of an error, as AIP-193 has them.
template <typename Detail>
Detail DetailOf(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  EXPECT_EQ(details.code(), static_cast<int>(status.error_code()));
  Detail detail;
  EXPECT_EQ(details.details_size(), 1);
  if (details.details_size() == 1) {
    EXPECT_TRUE(details.details(0).UnpackTo(&detail));
  }
  return detail;
}

std::string Violation(const grpc::Status& status) {
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  const auto detail = DetailOf<google::rpc::BadRequest>(status);
  if (detail.field_violations_size() != 1) return detail.DebugString();
  return detail.field_violations(0).field() + " - " +
         detail.field_violations(0).description();
}

TEST_F(ServiceTest, NamesTheFieldThatIsWrong) {
  v1::ListArticlesRequest request;
  v1::ListArticlesResponse response;
  request.set_page_token("made-up");
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, response)),
              HasSubstr("page_token - not a token"));
  request.clear_page_token();
  request.set_filter("publisher = Dawn AND publishr = x");
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, response)),
              HasSubstr("filter - position 22: unknown field 'publishr'"));
  request.clear_filter();
  request.set_order_by("headline");
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, response)),
              HasSubstr("order_by - expected 'publish_time'"));
  request.clear_order_by();
  request.set_page_size(-1);
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, response)),
              HasSubstr("page_size - "));
  request.clear_page_size();
  request.mutable_read_mask()->add_paths("nothing");
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, response)),
              HasSubstr("read_mask - "));
  v1::AggregateArticlesRequest aggregate;
  v1::AggregateArticlesResponse counts;
  EXPECT_THAT(Violation(Call(&Stub::AggregateArticles, aggregate, counts)),
              HasSubstr("groupings - "));
  v1::SearchArticlesRequest search;
  v1::SearchArticlesResponse found;
  EXPECT_THAT(Violation(Call(&Stub::SearchArticles, search, found)),
              HasSubstr("query - "));
}

TEST_F(ServiceTest, NamesTheResourceThatIsMissing) {
  v1::GetStoryRequest request;
  request.set_uid("nobody");
  v1::GetStoryResponse response;
  const grpc::Status status = Call(&Stub::GetStory, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  const auto detail = DetailOf<google::rpc::ResourceInfo>(status);
  EXPECT_EQ(detail.resource_type(), "dateline.v1.Article");
  EXPECT_EQ(detail.resource_name(), "nobody");
}

TEST_F(ServiceTest, ListsUnderAFilterInTheOrderAskedFor) {
  v1::Article b = MakeDatedArticle("b", 2);
  b.set_section("World");
  v1::Article c = MakeDatedArticle("c", 3);
  c.set_section("World");
  Store({MakeDatedArticle("a", 1), b, c});
  v1::ListArticlesRequest request;
  request.set_filter("section = World");
  request.set_order_by("publish_time");
  request.set_page_size(1);
  v1::ListArticlesResponse first;
  ASSERT_TRUE(Call(&Stub::ListArticles, request, first).ok());
  ASSERT_EQ(first.articles_size(), 1);
  EXPECT_EQ(first.articles(0).uid(), "b");
  request.set_page_token(first.next_page_token());
  v1::ListArticlesResponse second;
  ASSERT_TRUE(Call(&Stub::ListArticles, request, second).ok());
  ASSERT_EQ(second.articles_size(), 1);
  EXPECT_EQ(second.articles(0).uid(), "c");
  EXPECT_EQ(second.next_page_token(), "");
  request.set_filter("section = Sport");
  EXPECT_THAT(Violation(Call(&Stub::ListArticles, request, second)),
              HasSubstr("page_token - "));
}

// gRPC's clients take 4 MiB unless told otherwise.
TEST_F(ServiceTest, EndsAPageThatAClientCouldNotTake) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 12; ++i) {
    articles.push_back(MakeArticle("u" + std::to_string(i), 1, "Title",
                                   std::string(300'000, 'x')));
  }
  Store(articles);
  v1::ListArticlesRequest request;
  size_t seen = 0;
  do {
    v1::ListArticlesResponse response;
    ASSERT_TRUE(Call(&Stub::ListArticles, request, response).ok());
    EXPECT_LT(response.ByteSizeLong(), 4 << 20);
    seen += static_cast<size_t>(response.articles_size());
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  EXPECT_EQ(seen, 12);
}

TEST_F(ServiceTest, CountsArticles) {
  Store({MakeDatedArticle("a", 0), MakeDatedArticle("b", 86'400),
         MakeDatedArticle("c", 86'401)});
  v1::AggregateArticlesRequest request;
  request.add_groupings(v1::AGGREGATE_GROUPING_DAY);
  v1::AggregateArticlesResponse response;
  ASSERT_TRUE(Call(&Stub::AggregateArticles, request, response).ok());
  ASSERT_EQ(response.groups_size(), 2);
  EXPECT_EQ(response.groups(0).value(), "1970-01-02");
  EXPECT_EQ(response.groups(0).count(), 2);
  EXPECT_EQ(response.total_count(), 3);
}

TEST_F(ServiceTest, TellsRevisionsAndStories) {
  Store(
      {MakeArticle("u", 1, "Old", "Text"), MakeArticle("u", 2, "New", "Text")});
  v1::ListRevisionsRequest request;
  request.set_uid("u");
  request.set_page_size(1);
  v1::ListRevisionsResponse first;
  ASSERT_TRUE(Call(&Stub::ListRevisions, request, first).ok());
  ASSERT_EQ(first.revisions_size(), 1);
  EXPECT_THAT(first.revisions(0).changed_fields(), ElementsAre("headline"));
  request.set_page_token(first.next_page_token());
  v1::ListRevisionsResponse second;
  ASSERT_TRUE(Call(&Stub::ListRevisions, request, second).ok());
  ASSERT_EQ(second.revisions_size(), 1);
  EXPECT_EQ(second.revisions(0).headline(), "Old");
  EXPECT_EQ(second.next_page_token(), "");
  v1::ListStoriesResponse stories;
  ASSERT_TRUE(Call(&Stub::ListStories, v1::ListStoriesRequest(), stories).ok());
  EXPECT_THAT(stories.stories(), IsEmpty());
  v1::GetStoryRequest story_request;
  story_request.set_uid("u");
  v1::GetStoryResponse story;
  ASSERT_TRUE(Call(&Stub::GetStory, story_request, story).ok());
  EXPECT_EQ(story.story().article_count(), 1);
}

TEST_F(ServiceTest, ExportsWhatIsUnderTheFilter) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 30; ++i) {
    articles.push_back(MakeArticle("u" + std::to_string(10 + i), 1, "Title",
                                   std::string(100'000, 'x')));
    articles.back().set_section(i % 3 == 0 ? "World" : "Sport");
  }
  Store(articles);
  v1::ExportArticlesRequest request;
  request.set_filter("section = World");
  grpc::ClientContext context;
  const auto stream = stub_->ExportArticles(&context, request);
  v1::ExportArticlesResponse response;
  std::vector<std::string> uids;
  while (stream->Read(&response)) {
    uids.push_back(response.article().uid());
    EXPECT_EQ(response.sent(), uids.size());
    EXPECT_EQ(response.total(), 10);
  }
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_THAT(uids, ElementsAre("u10", "u13", "u16", "u19", "u22", "u25", "u28",
                                "u31", "u34", "u37"));
}

TEST_F(ServiceTest, EndsAnExportWhoseClientGoesAndTakesTheNext) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 50; ++i) {
    articles.push_back(MakeArticle("u" + std::to_string(i), 1, "Title",
                                   std::string(200'000, 'x')));
  }
  Store(articles);
  for (int round = 0; round < 5; ++round) {
    grpc::ClientContext context;
    const auto stream =
        stub_->ExportArticles(&context, v1::ExportArticlesRequest());
    v1::ExportArticlesResponse response;
    ASSERT_TRUE(stream->Read(&response));
    context.TryCancel();
    while (stream->Read(&response)) {
    }
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
    // Its slot may come back a moment after its end.
    while (!export_slots_.TryTake()) std::this_thread::yield();
    export_slots_.GiveBack();
  }
}

class ImpatientServiceTest : public ServiceTest {
 protected:
  ImpatientServiceTest()
      : ServiceTest(absl::ZeroDuration(), absl::Milliseconds(50)) {}
};

TEST_F(ImpatientServiceTest, EndsAnExportThatItsClientDoesNotRead) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 50; ++i) {
    articles.push_back(MakeArticle("u" + std::to_string(i), 1, "Title",
                                   std::string(200'000, 'x')));
  }
  Store(articles);
  ASSERT_TRUE(export_slots_.TryTake());
  grpc::ClientContext context;
  const auto stream =
      stub_->ExportArticles(&context, v1::ExportArticlesRequest());
  v1::ExportArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  while (!export_slots_.TryTake()) std::this_thread::yield();
  while (stream->Read(&response)) {
  }
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(ImpatientServiceTest, EndsAQueryThatTakesTooLong) {
  // On a query thread.
  ASSERT_TRUE(brief_slots_.TryTake());
  v1::ListArticlesResponse response;
  EXPECT_EQ(Call(&Stub::ListArticles, v1::ListArticlesRequest(), response)
                .error_code(),
            grpc::StatusCode::DEADLINE_EXCEEDED);
}

TEST_F(ServiceTest, RefusesAnExportThatIsWrongOrTooMany) {
  v1::ExportArticlesRequest request;
  v1::ExportArticlesResponse response;
  request.set_filter("nonsense");
  {
    grpc::ClientContext context;
    const auto stream = stub_->ExportArticles(&context, request);
    EXPECT_FALSE(stream->Read(&response));
    EXPECT_THAT(Violation(stream->Finish()), HasSubstr("filter - "));
  }
  ASSERT_TRUE(export_slots_.TryTake());
  ASSERT_TRUE(export_slots_.TryTake());
  grpc::ClientContext context;
  const auto stream =
      stub_->ExportArticles(&context, v1::ExportArticlesRequest());
  EXPECT_FALSE(stream->Read(&response));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_GT(DetailOf<google::rpc::RetryInfo>(status).retry_delay().seconds(),
            0);
}

TEST_F(ServiceTest, DeletesAnArticleByATombstone) {
  Store({MakeDatedArticle("u", 1)});
  v1::DeleteArticleRequest request;
  v1::DeleteArticleResponse response;
  EXPECT_THAT(Violation(Call(&Stub::DeleteArticle, request, response)),
              HasSubstr("uid - "));
  request.set_uid("nobody");
  EXPECT_EQ(Call(&Stub::DeleteArticle, request, response).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_THAT(broker_.Records(kTopic), IsEmpty());
  request.set_uid("u");
  const grpc::Status status = Call(&Stub::DeleteArticle, request, response);
  EXPECT_TRUE(status.ok()) << status.error_message();
  const std::vector<kafka::Record> records = broker_.Records(kTopic);
  ASSERT_EQ(records.size(), 1);
  EXPECT_EQ(records[0].key, "u");
  EXPECT_FALSE(records[0].value.has_value());
  EXPECT_EQ(kafka::FindHeader(records[0].headers, "ce_source"),
            "/dateline/store");
}

TEST_F(ServiceTest, SearchesInPages) {
  for (int i = 0; i < 3; ++i) {
    Store({MakeArticle("u" + std::to_string(i), 1, "River", "Text")});
  }
  v1::SearchArticlesRequest request;
  request.set_query("riv*");
  request.set_page_size(2);
  v1::SearchArticlesResponse first;
  ASSERT_TRUE(Call(&Stub::SearchArticles, request, first).ok());
  ASSERT_EQ(first.results_size(), 2);
  EXPECT_EQ(first.results(0).snippet(), "\u2068River\u2069");
  EXPECT_EQ(first.results(0).article().headline(), "River");
  request.set_page_token(first.next_page_token());
  v1::SearchArticlesResponse second;
  ASSERT_TRUE(Call(&Stub::SearchArticles, request, second).ok());
  EXPECT_EQ(second.results_size(), 1);
  request.set_query("other");
  EXPECT_EQ(Call(&Stub::SearchArticles, request, second).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
}

// A service whose only query thread is taken, and whose queue is full.
class BusyServiceTest : public ServiceTest {
 protected:
  BusyServiceTest() {
    absl::Notification entered;
    EXPECT_TRUE(pool_.TrySchedule([&entered, release = release_] {
      entered.Notify();
      release->WaitForNotification();
    }));
    entered.WaitForNotification();
    EXPECT_TRUE(pool_.TrySchedule([] {}));
  }
  ~BusyServiceTest() override { release_->Notify(); }

 private:
  // Shared, as the thread may still be leaving it when this object has gone.
  const std::shared_ptr<absl::Notification> release_ =
      std::make_shared<absl::Notification>();
};

TEST_F(BusyServiceTest, RefusesQueriesBeyondTheQueue) {
  v1::SearchArticlesRequest request;
  request.set_query("word");
  v1::SearchArticlesResponse response;
  const grpc::Status status = Call(&Stub::SearchArticles, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(DetailOf<google::rpc::RetryInfo>(status).retry_delay().seconds(),
            1);
}

TEST_F(BusyServiceTest, AnswersBriefQueriesNevertheless) {
  Store({MakeDatedArticle("u", 7)});
  v1::GetArticleRequest get;
  get.set_uid("u");
  v1::GetArticleResponse got;
  EXPECT_TRUE(Call(&Stub::GetArticle, get, got).ok());
  EXPECT_EQ(got.article().uid(), "u");
  v1::ListArticlesResponse listed;
  EXPECT_TRUE(
      Call(&Stub::ListArticles, v1::ListArticlesRequest(), listed).ok());
  EXPECT_EQ(listed.articles_size(), 1);
}

TEST_F(BusyServiceTest, LeavesToTheQueryThreadsWhatIsNotBrief) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 2000; ++i) {
    articles.push_back(MakeDatedArticle(absl::StrCat("u", i), i));
  }
  Store(articles);
  v1::ListArticlesRequest searches_for_long;
  searches_for_long.set_filter("headline = \"*nowhere*\"");
  v1::ListArticlesRequest has_many;
  has_many.set_page_size(1000);
  v1::ListArticlesResponse response;
  for (const auto& request : {searches_for_long, has_many}) {
    EXPECT_EQ(Call(&Stub::ListArticles, request, response).error_code(),
              grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
}

TEST_F(BusyServiceTest, LeavesToTheQueryThreadsWhatIsBeyondItsSlots) {
  ASSERT_TRUE(brief_slots_.TryTake());
  v1::ListArticlesResponse response;
  EXPECT_EQ(Call(&Stub::ListArticles, v1::ListArticlesRequest(), response)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

TEST_F(ServiceTest, AnswersOnAQueryThreadWhatSearchesForLong) {
  std::vector<v1::Article> articles;
  for (int i = 0; i < 2000; ++i) {
    articles.push_back(MakeDatedArticle(absl::StrCat("u", i), i));
  }
  Store(articles);
  v1::ListArticlesRequest request;
  request.set_filter("headline = \"*u0\"");
  v1::ListArticlesResponse response;
  ASSERT_TRUE(Call(&Stub::ListArticles, request, response).ok());
  ASSERT_EQ(response.articles_size(), 1);
  EXPECT_EQ(response.articles(0).uid(), "u0");
}

TEST_F(ServiceTest, WatchesFromNowAndGoesOnWithAToken) {
  std::string token;
  {
    grpc::ClientContext context;
    const auto stream =
        stub_->WatchArticles(&context, v1::WatchArticlesRequest());
    v1::WatchArticlesResponse response;
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_FALSE(response.has_article());
    broker_.Append(RecordOf(MakeArticle("a", 1, "Title", "Text")));
    broker_.Append(RecordOf(MakeArticle("b", 1, "Title", "Text")));
    ASSERT_TRUE(stream->Read(&response));
    EXPECT_EQ(response.article().uid(), "a");
    token = response.resume_token();
    context.TryCancel();
    EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::CANCELLED);
  }
  grpc::ClientContext context;
  v1::WatchArticlesRequest request;
  request.set_resume_token(token);
  const auto stream = stub_->WatchArticles(&context, request);
  v1::WatchArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.article().uid(), "b");
  context.TryCancel();
}

grpc::Status EndOfWatch(v1::ArticleStoreService::Stub& stub,
                        const v1::WatchArticlesRequest& request) {
  grpc::ClientContext context;
  const auto stream = stub.WatchArticles(&context, request);
  v1::WatchArticlesResponse response;
  while (stream->Read(&response)) {
  }
  return stream->Finish();
}

TEST_F(ServiceTest, RefusesAWatchThatIsWrong) {
  v1::WatchArticlesRequest request;
  request.set_resume_token("made-up");
  EXPECT_THAT(Violation(EndOfWatch(*stub_, request)),
              HasSubstr("resume_token - "));
  request.clear_resume_token();
  request.set_filter("*");
  EXPECT_THAT(Violation(EndOfWatch(*stub_, request)), HasSubstr("filter - "));
}

TEST_F(ServiceTest, WatchesUnderAFilter) {
  grpc::ClientContext context;
  v1::WatchArticlesRequest request;
  request.set_filter("section = World");
  const auto stream = stub_->WatchArticles(&context, request);
  v1::WatchArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  v1::Article world = MakeArticle("world", 1, "Title", "Text");
  world.set_section("World");
  broker_.Append(RecordOf(MakeArticle("other", 1, "Title", "Text")));
  broker_.Append(RecordOf(world));
  broker_.Append(TombstoneRecord("other"));
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.article().uid(), "world");
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.deleted_uid(), "other");
  context.TryCancel();
}

TEST_F(ServiceTest, RefusesAWatchTooMany) {
  grpc::ClientContext contexts[2];
  std::vector<std::unique_ptr<grpc::ClientReader<v1::WatchArticlesResponse>>>
      streams;
  v1::WatchArticlesResponse response;
  for (grpc::ClientContext& context : contexts) {
    streams.push_back(
        stub_->WatchArticles(&context, v1::WatchArticlesRequest()));
    ASSERT_TRUE(streams.back()->Read(&response));
  }
  EXPECT_EQ(EndOfWatch(*stub_, v1::WatchArticlesRequest()).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  for (grpc::ClientContext& context : contexts) context.TryCancel();
}

TEST_F(ServiceTest, TellsWatchersToGoOnElsewhereWhenItStops) {
  grpc::ClientContext context;
  const auto stream =
      stub_->WatchArticles(&context, v1::WatchArticlesRequest());
  v1::WatchArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  hub_.Stop();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServiceTest, StopsThoughAWatcherDoesNotRead) {
  grpc::ClientContext context;
  const auto stream =
      stub_->WatchArticles(&context, v1::WatchArticlesRequest());
  v1::WatchArticlesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  // More than the flow control window of a reader that doesn't read.
  const std::string text(256 << 10, 'x');
  for (int i = 0; i < 200; ++i) {
    broker_.Append(
        RecordOf(MakeArticle("u" + std::to_string(i), 1, "Title", text)));
  }
  hub_.Stop();
  while (stream->Read(&response)) {
  }
  EXPECT_FALSE(stream->Finish().ok());
}

}  // namespace
}  // namespace dateline::store
