#include "fetcher/service.h"

#include <chrono>
#include <fstream>
#include <future>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "common/metrics.h"
#include "common/rpc/server.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
#include "fetcher/core/warc/warc_writer.h"
#include "gmock/gmock.h"
#include "grpcpp/grpcpp.h"
#include "gtest/gtest.h"
#include "tests/fetcher/fake_http_client.h"
#include "tests/store/temporary_directory.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline::fetcher {
namespace {

using testing::HasSubstr;
using testing::SizeIs;

constexpr int32_t kPartitions = 4;

// A producer that confirms when it is told to, in any order.
class SlowProducer final : public kafka::Producer {
 public:
  void Send(kafka::OutgoingRecord, Confirmation confirm) override {
    absl::MutexLock lock(&mutex_);
    open_.push_back(std::move(confirm));
  }
  void WaitFor(size_t count) {
    const auto enough = [&] { return open_.size() >= count; };
    absl::MutexLock lock(&mutex_);
    mutex_.Await(absl::Condition(&enough));
  }
  void Confirm(size_t number, const absl::Status& status) {
    Confirmation confirm;
    {
      absl::MutexLock lock(&mutex_);
      confirm = open_[number];
    }
    confirm(status);
  }
  size_t count() {
    absl::MutexLock lock(&mutex_);
    return open_.size();
  }

 private:
  absl::Mutex mutex_;
  std::vector<Confirmation> open_;
};

class ServiceTest : public testing::Test {
 protected:
  ServiceTest()
      : http_(&clock_),
        crawler_({}, &http_, &clock_),
        sources_(
            [this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
            topics_.sources),
        worker_(
            {[this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
             [this] {
               return std::make_unique<kafka::FakeTransactionalProducer>(
                   &broker_);
             }},
            topics_, {}, &crawler_, &http_, &sources_, &events_, &metrics_),
        fake_producer_(&broker_),
        importer_(
            {.directory = folder_.path().string()},
            {[this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
             [this](const std::string&) {
               return std::make_unique<kafka::FakeTransactionalProducer>(
                   &broker_);
             }},
            topics_, &clock_, &metrics_) {
    broker_.CreateTopic(topics_.imports, 1);
    broker_.CreateTopic(topics_.frontier, kPartitions);
    broker_.CreateTopic(topics_.sources, 1);
    EXPECT_TRUE(sources_.Connect().ok());
    while (!sources_.IsLoaded()) {
      EXPECT_TRUE(sources_.Step(absl::ZeroDuration()).ok());
    }
    sources_.Start();
    EXPECT_TRUE(worker_.Connect().ok());
    EXPECT_TRUE(worker_.Step(absl::ZeroDuration()).ok());
    Serve(&fake_producer_);
  }
  ~ServiceTest() override {
    service_->EndStreams();
    server_->Shutdown(absl::Seconds(5));
  }

  void Serve(kafka::Producer* producer) {
    if (server_ != nullptr) server_->Shutdown(absl::ZeroDuration());
    service_ = std::make_unique<FetcherServiceImpl>(
        topics_, &worker_, &sources_, producer, &events_, &importer_, &clock_);
    server_ = rpc::Server::Start(
                  "127.0.0.1:0",
                  {{service_.get(), v1::FetcherService::service_full_name()}})
                  .value();
    stub_ = v1::FetcherService::NewStub(
        grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                            grpc::InsecureChannelCredentials()));
  }

  // GetUrlStatus, with the worker's thread played until it answers.
  grpc::Status StatusWhileWorking(const std::string& url) {
    std::future<grpc::Status> answer = std::async(std::launch::async, [&] {
      v1::GetUrlStatusRequest request;
      request.set_url(url);
      v1::GetUrlStatusResponse response;
      grpc::ClientContext context;
      return stub_->GetUrlStatus(&context, request, &response);
    });
    while (answer.wait_for(std::chrono::milliseconds(1)) !=
           std::future_status::ready) {
      EXPECT_TRUE(worker_.Step(absl::ZeroDuration()).ok());
    }
    return answer.get();
  }

  static v1::SubmitUrlsRequest UrlRequest(const std::string& url) {
    v1::SubmitUrlsRequest request;
    request.set_url(url);
    return request;
  }

  grpc::Status Create(const std::string& id, const std::string& url,
                      v1::Source* created,
                      v1::SourceKind kind = v1::SOURCE_KIND_FEED) {
    v1::CreateSourceRequest request;
    request.set_source_id(id);
    request.mutable_source()->set_url(url);
    request.mutable_source()->set_kind(kind);
    v1::CreateSourceResponse response;
    grpc::ClientContext context;
    const grpc::Status status =
        stub_->CreateSource(&context, request, &response);
    *created = response.source();
    return status;
  }

  const TopicNames topics_{"dateline."};
  kafka::FakeBroker broker_;
  FakeClock clock_{absl::FromUnixSeconds(1'700'000'000)};
  FakeHttpClient http_;
  Crawler crawler_;
  EventHub events_;
  Metrics metrics_;
  SourceReader sources_;
  Worker worker_;
  kafka::FakeProducer fake_producer_;
  TemporaryDirectory folder_;
  WarcImporter importer_;
  std::unique_ptr<FetcherServiceImpl> service_;
  std::unique_ptr<rpc::Server> server_;
  std::unique_ptr<v1::FetcherService::Stub> stub_;
};

TEST_F(ServiceTest, AnswersEachUrlOnceAndInOrder) {
  grpc::ClientContext context;
  auto stream = stub_->SubmitUrls(&context);
  std::vector<std::string> urls;
  for (int i = 0; i < 1000; ++i) {
    urls.push_back(i % 10 == 3 ? absl::StrCat("no url ", i)
                               : absl::StrCat("http://a.example/", i));
  }
  for (const std::string& url : urls) {
    ASSERT_TRUE(stream->Write(UrlRequest(url)));
  }
  stream->WritesDone();
  v1::SubmitUrlsResponse answer;
  for (size_t i = 0; i < urls.size(); ++i) {
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_EQ(answer.url(), urls[i]);
    EXPECT_EQ(answer.result(), i % 10 == 3 ? v1::SUBMIT_RESULT_REFUSED
                                           : v1::SUBMIT_RESULT_ACCEPTED);
  }
  EXPECT_FALSE(stream->Read(&answer));
  EXPECT_TRUE(stream->Finish().ok());
  const std::vector<kafka::Record> records = broker_.Records(topics_.frontier);
  ASSERT_THAT(records, SizeIs(900));
  EXPECT_EQ(records[0].key, "submit/http://a.example/0");
  EXPECT_EQ(records[0].partition.partition,
            PartitionOfHost("a.example", kPartitions));
}

TEST_F(ServiceTest, AcceptsOnlyWhatIsConfirmed) {
  SlowProducer producer;
  Serve(&producer);
  grpc::ClientContext context;
  auto stream = stub_->SubmitUrls(&context);
  for (int i = 0; i < 3; ++i) {
    stream->Write(UrlRequest(absl::StrCat("http://a.example/", i)));
  }
  producer.WaitFor(3);
  producer.Confirm(2, absl::OkStatus());
  producer.Confirm(0, absl::OkStatus());
  v1::SubmitUrlsResponse answer;
  ASSERT_TRUE(stream->Read(&answer));
  EXPECT_EQ(answer.url(), "http://a.example/0");
  producer.Confirm(1, absl::UnavailableError("no broker"));
  EXPECT_FALSE(stream->Read(&answer));
  const grpc::Status status = stream->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(), "no broker");
}

TEST_F(ServiceTest, ReadsNoMoreThanItMayHold) {
  SlowProducer producer;
  Serve(&producer);
  grpc::ClientContext context;
  auto stream = stub_->SubmitUrls(&context);
  for (int i = 0; i < 1100; ++i) {
    stream->Write(UrlRequest(absl::StrCat("http://a.example/", i)));
  }
  producer.WaitFor(1024);
  EXPECT_EQ(producer.count(), 1024U);
  producer.Confirm(0, absl::OkStatus());
  producer.WaitFor(1025);
  context.TryCancel();
  stream->Finish();
  for (size_t i = 1; i < producer.count(); ++i) {
    producer.Confirm(i, absl::CancelledError(""));
  }
}

TEST_F(ServiceTest, KnowsWhatTheFrontierHas) {
  const std::string url = "http://127.0.0.1/1";
  for (const v1::SubmitResult expected :
       {v1::SUBMIT_RESULT_ACCEPTED, v1::SUBMIT_RESULT_ALREADY_KNOWN}) {
    grpc::ClientContext context;
    auto stream = stub_->SubmitUrls(&context);
    stream->Write(UrlRequest(url));
    stream->WritesDone();
    v1::SubmitUrlsResponse answer;
    ASSERT_TRUE(stream->Read(&answer));
    EXPECT_EQ(answer.result(), expected);
    EXPECT_EQ(answer.canonical_url(), url);
    EXPECT_TRUE(stream->Finish().ok());
    EXPECT_TRUE(worker_.Step(absl::ZeroDuration()).ok());
  }
  grpc::ClientContext context;
  v1::GetUrlStatusRequest request;
  request.set_url(url);
  v1::GetUrlStatusResponse response;
  EXPECT_TRUE(stub_->GetUrlStatus(&context, request, &response).ok());
  EXPECT_EQ(response.status().url(), url);
  EXPECT_EQ(response.status().next_reason(), "It was not fetched yet.");
  EXPECT_EQ(response.status().most_failures(), 10);

  EXPECT_EQ(StatusWhileWorking("http://127.0.0.1/2").error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServiceTest, FindsWhatWasAcceptedAndIsNotReadYet) {
  const std::string url = "http://127.0.0.1/1";
  grpc::ClientContext context;
  auto stream = stub_->SubmitUrls(&context);
  stream->Write(UrlRequest(url));
  stream->WritesDone();
  v1::SubmitUrlsResponse accepted;
  ASSERT_TRUE(stream->Read(&accepted));
  EXPECT_TRUE(stream->Finish().ok());
  EXPECT_TRUE(absl::IsNotFound(worker_.Find(url).status()));
  EXPECT_TRUE(StatusWhileWorking(url).ok());
}

TEST_F(ServiceTest, AUrlBehindAnOpenTransactionMayHaveBeenTaken) {
  const std::string url = "http://127.0.0.1/1";
  broker_.SetUncommittedEnd(
      {{topics_.frontier, PartitionOfUrl(url, kPartitions).value()}, 3});
  int answers = 0;
  worker_.FindUpToDate(url,
                       [&](const absl::StatusOr<v1::UrlEntry>&) { ++answers; });
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(worker_.Step(absl::ZeroDuration()).ok());
  }
  EXPECT_EQ(answers, 0);
  worker_.EndLookups();
  EXPECT_EQ(answers, 1);
}

TEST_F(ServiceTest, LeavesNoLookupOpenWhenTheWorkerStops) {
  absl::Notification answered;
  absl::Status status;
  const auto answer = [&](const absl::StatusOr<v1::UrlEntry>& entry) {
    status = entry.status();
    answered.Notify();
  };
  worker_.FindUpToDate("http://127.0.0.1/1", answer);
  EXPECT_FALSE(answered.HasBeenNotified());
  worker_.Stop();
  ASSERT_TRUE(answered.HasBeenNotified());
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  bool refused = false;
  worker_.FindUpToDate("http://127.0.0.1/1",
                       [&](const absl::StatusOr<v1::UrlEntry>& entry) {
                         refused = absl::IsUnavailable(entry.status());
                       });
  EXPECT_TRUE(refused);
}

TEST_F(ServiceTest, CreatesListsChangesAndDeletesSources) {
  v1::Source created;
  ASSERT_TRUE(Create("", "http://news.example/feed", &created).ok());
  EXPECT_EQ(created.name(), "sources/news-example");
  EXPECT_EQ(Create("news-example", "http://b.example/", &created).error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  EXPECT_EQ(Create("", "http://news.example/feed", &created).error_code(),
            grpc::StatusCode::ALREADY_EXISTS);
  ASSERT_TRUE(Create("", "http://news.example/sport", &created).ok());
  EXPECT_THAT(created.name(), testing::StartsWith("sources/news-example-"));

  grpc::ClientContext listing;
  v1::ListSourcesResponse list;
  ASSERT_TRUE(stub_->ListSources(&listing, {}, &list).ok());
  EXPECT_EQ(list.sources_size(), 2);

  grpc::ClientContext updating;
  v1::UpdateSourceRequest update;
  update.mutable_source()->set_name("sources/news-example");
  update.mutable_source()->set_paused(true);
  v1::UpdateSourceResponse updated;
  ASSERT_TRUE(stub_->UpdateSource(&updating, update, &updated).ok());
  EXPECT_TRUE(sources_.Find("sources/news-example")->paused());

  v1::DeleteSourceRequest removal;
  removal.set_name("sources/news-example");
  v1::DeleteSourceResponse removed;
  grpc::ClientContext deleting;
  ASSERT_TRUE(stub_->DeleteSource(&deleting, removal, &removed).ok());
  grpc::ClientContext again;
  EXPECT_EQ(stub_->DeleteSource(&again, removal, &removed).error_code(),
            grpc::StatusCode::NOT_FOUND);
  EXPECT_FALSE(sources_.Find("sources/news-example").has_value());
}

TEST_F(ServiceTest, ImportsAnArchiveAndTellsHowItStands) {
  v1::RawPage page;
  page.set_url("http://a.example/1");
  page.set_status(200);
  page.set_body("<p>News");
  *page.mutable_fetch_time() = ToProto(clock_.Now());
  std::ofstream(folder_.File("a.warc"), std::ios::binary)
      << SerializeWarcRecord(ResponseDraft("1", page, ""),
                             WarcCompression::kNone);
  v1::ImportWarcRequest request;
  request.set_path("a.warc");
  for (const v1::ImportState end :
       {v1::IMPORT_STATE_FINISHED, v1::IMPORT_STATE_ALREADY_FINISHED}) {
    grpc::ClientContext context;
    auto import = stub_->ImportWarc(&context, request);
    v1::ImportWarcResponse last;
    while (import->Read(&last)) {
    }
    EXPECT_TRUE(import->Finish().ok());
    EXPECT_EQ(last.state(), end);
    EXPECT_EQ(last.pages(), 1);
  }
  EXPECT_THAT(broker_.Records(topics_.pages_backfill), SizeIs(1));
  grpc::ClientContext context;
  request.set_path("b.warc");
  v1::ImportWarcResponse response;
  auto import = stub_->ImportWarc(&context, request);
  EXPECT_FALSE(import->Read(&response));
  EXPECT_EQ(import->Finish().error_code(), grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServiceTest, EndsImportsWhenItShutsDown) {
  service_->EndStreams();
  grpc::ClientContext context;
  auto import = stub_->ImportWarc(&context, {});
  v1::ImportWarcResponse response;
  EXPECT_FALSE(import->Read(&response));
  EXPECT_EQ(import->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

TEST_F(ServiceTest, StreamsFetchesAsTheyEnd) {
  grpc::ClientContext context;
  v1::WatchFetchesRequest request;
  request.set_host("a.example");
  auto stream = stub_->WatchFetches(&context, request);
  v1::FetchEvent other;
  other.set_host("b.example");
  v1::FetchEvent event;
  event.set_host("a.example");
  event.set_url("http://a.example/1");
  stream->WaitForInitialMetadata();
  events_.Publish({other, event});
  v1::WatchFetchesResponse response;
  ASSERT_TRUE(stream->Read(&response));
  EXPECT_EQ(response.event().url(), "http://a.example/1");
  service_->EndStreams();
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAVAILABLE);
}

}  // namespace
}  // namespace dateline::fetcher
