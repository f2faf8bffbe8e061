#include "store/service.h"

#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/synchronization/notification.h"
#include "common/rpc/server.h"
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
  ServiceTest() {
    broker_.CreateTopic(kTopic, 2);
    repository_ = *SqliteRepository::Open(
        {.path = directory_.File("store.db"), .readers = 2}, absl::Now());
    service_ = std::make_unique<ArticleStoreServiceImpl>(
        *repository_, pool_, source_, recent_, hub_, metrics_);
    server_ = *rpc::Server::Start("127.0.0.1:0", {service_.get()});
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

TEST_F(ServiceTest, RefusesWhatIsWrongAndWhatIsNotThereYet) {
  v1::ListArticlesRequest request;
  v1::ListArticlesResponse response;
  request.set_page_token("made-up");
  EXPECT_EQ(Call(&Stub::ListArticles, request, response).error_code(),
            grpc::StatusCode::INVALID_ARGUMENT);
  request.clear_page_token();
  request.set_filter("language = \"en\"");
  EXPECT_EQ(Call(&Stub::ListArticles, request, response).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
  request.clear_filter();
  request.set_order_by("headline");
  const grpc::Status status = Call(&Stub::ListArticles, request, response);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(status.error_message(), HasSubstr("order_by"));
  v1::GetStoryResponse story;
  const grpc::Status not_yet =
      Call(&Stub::GetStory, v1::GetStoryRequest(), story);
  EXPECT_EQ(not_yet.error_code(), grpc::StatusCode::UNIMPLEMENTED);
  EXPECT_THAT(not_yet.error_message(), HasSubstr("GetStory"));
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

TEST_F(ServiceTest, RefusesQueriesBeyondTheQueue) {
  // One blocks the only thread, one fills the queue.
  absl::Notification entered;
  // Shared, as the thread may still be leaving it when this function has.
  const auto release = std::make_shared<absl::Notification>();
  ASSERT_TRUE(pool_.TrySchedule([&entered, release] {
    entered.Notify();
    release->WaitForNotification();
  }));
  entered.WaitForNotification();
  ASSERT_TRUE(pool_.TrySchedule([] {}));
  v1::ListArticlesResponse response;
  EXPECT_EQ(Call(&Stub::ListArticles, v1::ListArticlesRequest(), response)
                .error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
  release->Notify();
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

TEST_F(ServiceTest, RefusesAWatchThatIsWrongOrNotThereYet) {
  v1::WatchArticlesRequest request;
  request.set_resume_token("made-up");
  const grpc::Status status = EndOfWatch(*stub_, request);
  EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
  EXPECT_THAT(status.error_message(), HasSubstr("resume_token"));
  request.clear_resume_token();
  request.set_filter("*");
  EXPECT_EQ(EndOfWatch(*stub_, request).error_code(),
            grpc::StatusCode::UNIMPLEMENTED);
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
