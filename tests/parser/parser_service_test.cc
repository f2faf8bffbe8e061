// ParserService over a channel within this process.
#include <gmock/gmock.h>
#include <google/protobuf/util/message_differencer.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "parser/core/extract.h"
#include "parser/in_process_reader.h"
#include "parser/service.h"
#include "tests/parser/pages.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline {
namespace {

using ::google::protobuf::util::MessageDifferencer;
using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

v1::RawPage Story(int number) {
  return PageOf(absl::StrCat("https://news.example/", number), "text/html",
                Html(absl::StrCat("<article><h1>Report ", number, "</h1>",
                                  Paragraphs(3), "</article>")));
}

v1::RawPage NoStory(int number) {
  return PageOf(absl::StrCat("https://news.example/", number), "image/png",
                "\x89PNG");
}

Extraction ExtractionOf(const v1::RawPage& page, bool explain) {
  auto extraction =
      ExtractArticle(page, {.parse_time = kNow, .explain = explain});
  EXPECT_TRUE(extraction.ok()) << extraction.status();
  return extraction.ok() ? *std::move(extraction) : Extraction();
}

class ParserServiceTest : public ::testing::Test {
 protected:
  // One thread, and one place behind it.
  ParserServiceTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&service_);
    server_ = builder.BuildAndStart();
    stub_ = v1::ParserService::NewStub(server_->InProcessChannel({}));
  }
  ~ParserServiceTest() override { server_->Shutdown(); }

  grpc::Status ParsePage(const v1::RawPage& page, bool explain,
                         v1::ParsePageResponse& response) {
    v1::ParsePageRequest request;
    *request.mutable_page() = page;
    request.set_explain(explain);
    grpc::ClientContext context;
    return stub_->ParsePage(&context, request, &response);
  }

  // Keeps the pool's thread busy, and its queue full, until it is let go.
  class FullPool {
   public:
    explicit FullPool(ThreadPool& pool) {
      EXPECT_TRUE(pool.TrySchedule([this] {
        running_.Notify();
        go_.WaitForNotification();
        ended_.Notify();
      }));
      running_.WaitForNotification();
      EXPECT_TRUE(pool.TrySchedule([] {}));
    }
    ~FullPool() {
      go_.Notify();
      ended_.WaitForNotification();
    }

   private:
    absl::Notification running_, go_, ended_;
  };

  FakeClock clock_{kNow};
  ThreadPool pool_{1, 1};
  InProcessReader reader_{1};
  kafka::FakeBroker broker_;
  ThreadPool letters_pool_{1, 1};
  DeadLetters letters_{
      {[this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
       [this] {
         return std::make_unique<kafka::FakeTransactionalProducer>(&broker_);
       }},
      TopicNames("dateline.")};
  ParserServiceImpl service_{pool_, reader_, clock_, letters_pool_, letters_};
  std::unique_ptr<grpc::Server> server_;
  std::unique_ptr<v1::ParserService::Stub> stub_;
};

TEST_F(ParserServiceTest, GivesTheArticleOfAPage) {
  v1::ParsePageResponse response;
  const grpc::Status status = ParsePage(Story(1), false, response);
  ASSERT_TRUE(status.ok()) << status.error_message();
  EXPECT_EQ(response.article().headline(), "Report 1");
  EXPECT_TRUE(MessageDifferencer::Equals(
      response.article(), ExtractionOf(Story(1), false).article));
  EXPECT_FALSE(response.has_explanation());
}

TEST_F(ParserServiceTest, ExplainsWhereItIsAsked) {
  v1::ParsePageResponse response;
  ASSERT_TRUE(ParsePage(Story(1), true, response).ok());
  const Extraction extraction = ExtractionOf(Story(1), true);
  EXPECT_GT(response.explanation().ByteSizeLong(), 0u);
  EXPECT_TRUE(MessageDifferencer::Equals(response.explanation(),
                                         extraction.explanation));
  EXPECT_TRUE(
      MessageDifferencer::Equals(response.article(), extraction.article));
}

TEST_F(ParserServiceTest, SaysInASentenceWhyThereIsNoArticle) {
  for (const v1::RawPage& page : {NoStory(1), v1::RawPage(),
                                  PageOf("https://news.example/", "text/html",
                                         "<html><body></body></html>")}) {
    v1::ParsePageResponse response;
    const grpc::Status status = ParsePage(page, false, response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(status.error_message(),
              std::string(ExtractArticle(page, {}).status().message()));
    EXPECT_THAT(status.error_message(), HasSubstr(" "));
  }
}

TEST_F(ParserServiceTest, ExplainsWhyThereIsNoArticle) {
  const v1::RawPage page =
      PageOf("https://news.example/", "text/html",
             Html("<div>Just a moment</div><div>Checking your browser</div>"));
  v1::ParsePageResponse response;
  ASSERT_TRUE(ParsePage(page, true, response).ok());
  EXPECT_FALSE(response.has_article());
  EXPECT_EQ(response.error(),
            std::string(ExtractArticle(page, {}).status().message()));
  EXPECT_THAT(response.error(), HasSubstr("no article"));
  EXPECT_EQ(response.reason(), v1::DEAD_LETTER_REASON_NO_ARTICLE);
  ASSERT_EQ(response.explanation().blocks_size(), 2);
  EXPECT_FALSE(response.explanation().blocks(0).kept());

  response.Clear();
  ASSERT_TRUE(ParsePage(NoStory(1), true, response).ok());
  EXPECT_EQ(response.reason(), v1::DEAD_LETTER_REASON_UNSUPPORTED_MEDIA_TYPE);
  EXPECT_NE(response.error(), "");
  EXPECT_EQ(response.explanation().blocks_size(), 0);
}

TEST_F(ParserServiceTest, AnswersAStreamInItsOrderAndGoesOnBehindErrors) {
  grpc::ClientContext context;
  const auto stream = stub_->StreamParse(&context);
  constexpr int kPages = 30;
  std::thread writer([&stream] {
    for (int i = 0; i < kPages; ++i) {
      v1::StreamParseRequest request;
      *request.mutable_page() = i % 3 == 1 ? NoStory(i) : Story(i);
      request.set_explain(i % 2 == 0);
      EXPECT_TRUE(stream->Write(request));
    }
    stream->WritesDone();
  });
  v1::StreamParseResponse response;
  int read = 0;
  for (; stream->Read(&response); ++read) {
    EXPECT_EQ(response.url(), absl::StrCat("https://news.example/", read));
    const bool has_story = read % 3 != 1;
    EXPECT_EQ(response.has_article(), has_story) << read;
    EXPECT_EQ(response.has_explanation(), read % 2 == 0) << read;
    EXPECT_EQ(response.reason(),
              has_story ? v1::DEAD_LETTER_REASON_UNSPECIFIED
                        : v1::DEAD_LETTER_REASON_UNSUPPORTED_MEDIA_TYPE);
    if (has_story) {
      EXPECT_EQ(response.error(), "");
      EXPECT_TRUE(MessageDifferencer::Equals(
          response.article(),
          ExtractionOf(Story(read), read % 2 == 0).article));
    } else {
      EXPECT_EQ(
          response.error(),
          std::string(ExtractArticle(NoStory(read), {}).status().message()));
    }
  }
  writer.join();
  EXPECT_EQ(read, kPages);
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ParserServiceTest, EndsAnEmptyStreamWithoutError) {
  grpc::ClientContext context;
  const auto stream = stub_->StreamParse(&context);
  stream->WritesDone();
  v1::StreamParseResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_TRUE(stream->Finish().ok());
}

TEST_F(ParserServiceTest, RefusesPagesWhileThePoolIsFull) {
  v1::ParsePageResponse response;
  {
    const FullPool full(pool_);
    const grpc::Status status = ParsePage(Story(1), false, response);
    EXPECT_EQ(status.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
    EXPECT_THAT(status.error_message(), HasSubstr("try again"));

    grpc::ClientContext context;
    const auto stream = stub_->StreamParse(&context);
    v1::StreamParseRequest request;
    *request.mutable_page() = Story(1);
    stream->Write(request);
    v1::StreamParseResponse answer;
    EXPECT_FALSE(stream->Read(&answer));
    EXPECT_EQ(stream->Finish().error_code(),
              grpc::StatusCode::RESOURCE_EXHAUSTED);
  }
  // The queue is empty when a call gets its place in it.
  grpc::Status status;
  do {
    status = ParsePage(Story(1), false, response);
  } while (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(status.ok()) << status.error_message();
}

TEST_F(ParserServiceTest, AnswersAboutDeadLetters) {
  broker_.CreateTopic("dateline.dead-letters", 1);
  broker_.Append({"dateline.dead-letters",
                  0,
                  "key",
                  "value",
                  {{"dateline-dead-letter-reason", "crashed"},
                   {"dateline-dead-letter-topic", "dateline.pages"}}});
  grpc::ClientContext list, get, wrong, redrive;
  v1::ListDeadLettersResponse listed;
  ASSERT_TRUE(stub_->ListDeadLetters(&list, {}, &listed).ok());
  ASSERT_EQ(listed.dead_letters_size(), 1);
  v1::GetDeadLetterRequest request;
  request.set_name(listed.dead_letters(0).name());
  v1::GetDeadLetterResponse got;
  ASSERT_TRUE(stub_->GetDeadLetter(&get, request, &got).ok());
  EXPECT_EQ(got.dead_letter().value(), "value");
  request.set_name("deadLetters/0-9");
  EXPECT_EQ(stub_->GetDeadLetter(&wrong, request, &got).error_code(),
            grpc::StatusCode::NOT_FOUND);
  v1::RedriveDeadLettersResponse redriven;
  ASSERT_TRUE(stub_->RedriveDeadLetters(&redrive, {}, &redriven).ok());
  EXPECT_EQ(redriven.redriven(), 1);
}

}  // namespace
}  // namespace dateline
