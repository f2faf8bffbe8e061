#include "fetcher/worker.h"

#include <memory>
#include <string>
#include <vector>

#include "common/metrics.h"
#include "common/sha256.h"
#include "common/url.h"
#include "dateline/v1/page.pb.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
#include "gmock/gmock.h"
#include "google/protobuf/util/message_differencer.h"
#include "gtest/gtest.h"
#include "tests/fetcher/fake_http_client.h"
#include "tests/support/fake_clock.h"
#include "tests/support/fake_kafka.h"

namespace dateline::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;
using testing::UnorderedElementsAre;

constexpr int32_t kPartitions = 4;
const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
const std::string kUrl = "http://127.0.0.1/news/1";

class Listener final : public EventListener {
 public:
  void OnFetch(const v1::FetchEvent& event) override {
    events.push_back(event);
  }
  std::vector<v1::FetchEvent> events;
};

// One fetcher over a broker that outlives it.
struct Fetcher {
  Fetcher(kafka::FakeBroker* broker, const Clock* clock)
      : http(clock),
        crawler({}, &http, clock),
        sources(
            [broker] { return std::make_unique<kafka::FakeConsumer>(broker); },
            TopicNames("dateline.").sources),
        worker(
            {[this, broker] {
               auto made = std::make_unique<kafka::FakeConsumer>(broker);
               consumer = made.get();
               return made;
             },
             [this, broker] {
               auto made =
                   std::make_unique<kafka::FakeTransactionalProducer>(broker);
               producer = made.get();
               return made;
             }},
            TopicNames("dateline."), {}, &crawler, &http, &sources, &events,
            &metrics) {
    events.Add(listener);
    EXPECT_TRUE(sources.Connect().ok());
    EXPECT_TRUE(worker.Connect().ok());
  }

  // Goes on until there is nothing to do at this time.
  void Settle() {
    int quiet = 0;
    while (quiet < 3) {
      EXPECT_TRUE(sources.Step(absl::ZeroDuration()).ok());
      EXPECT_TRUE(worker.Step(absl::ZeroDuration()).ok());
      quiet = http.AnswerAll() ? 0 : quiet + 1;
    }
  }

  FakeHttpClient http;
  Crawler crawler;
  EventHub events;
  std::shared_ptr<Listener> listener = std::make_shared<Listener>();
  Metrics metrics;
  SourceReader sources;
  kafka::FakeConsumer* consumer = nullptr;
  kafka::FakeTransactionalProducer* producer = nullptr;
  Worker worker;
};

class WorkerTest : public testing::Test {
 protected:
  WorkerTest() {
    broker_.CreateTopic(topics_.frontier, kPartitions);
    broker_.CreateTopic(topics_.pages, kPartitions);
    broker_.CreateTopic(topics_.sources, 1);
    fetcher_ = std::make_unique<Fetcher>(&broker_, &clock_);
  }

  void Submit(const std::string& url) {
    v1::FrontierRecord value;
    value.mutable_submission()->set_url(url);
    value.mutable_submission()->mutable_hints()->set_title("Hint");
    *value.mutable_submission()->mutable_submit_time() = ToProto(clock_.Now());
    broker_.Append({topics_.frontier,
                    Partition(url),
                    SubmissionKey(url),
                    value.SerializeAsString(),
                    {}});
  }
  int32_t Partition(const std::string& url) {
    return PartitionOfUrl(url, kPartitions).value();
  }
  void AddFeed(const std::string& url) {
    v1::Source source;
    source.set_name("sources/a");
    source.set_kind(v1::SOURCE_KIND_FEED);
    source.set_url(url);
    source.set_publisher("The Post");
    broker_.Append(
        {topics_.sources, 0, source.name(), source.SerializeAsString(), {}});
  }
  std::vector<v1::RawPage> Pages() {
    std::vector<v1::RawPage> pages;
    for (const kafka::Record& record : broker_.Records(topics_.pages)) {
      EXPECT_TRUE(pages.emplace_back().ParseFromString(*record.value));
    }
    return pages;
  }
  // The last value of each key: what compaction leaves.
  std::map<std::string, v1::FrontierRecord> Frontier() {
    std::map<std::string, v1::FrontierRecord> frontier;
    for (const kafka::Record& record : broker_.Records(topics_.frontier)) {
      if (record.value.has_value()) {
        frontier[record.key].ParseFromString(*record.value);
      } else {
        frontier.erase(record.key);
      }
    }
    return frontier;
  }

  const TopicNames topics_{"dateline."};
  kafka::FakeBroker broker_;
  FakeClock clock_{kNow};
  std::unique_ptr<Fetcher> fetcher_;
};

TEST_F(WorkerTest, PublishesAPageAndItsEntryInOneTransaction) {
  fetcher_->http.Set(kUrl, 200, "text/html; charset=utf-8", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();

  v1::RawPage expected;
  expected.set_uid(PageUid(kUrl));
  expected.set_requested_url(kUrl);
  expected.set_url(kUrl);
  expected.set_status(200);
  v1::HttpHeader& header = *expected.add_headers();
  header.set_name("Content-Type");
  header.set_value("text/html; charset=utf-8");
  expected.set_body("<p>News");
  expected.set_media_type("text/html");
  expected.set_charset("utf-8");
  *expected.mutable_fetch_time() = ToProto(kNow);
  expected.mutable_hints()->set_title("Hint");
  expected.set_body_sha256(Sha256("<p>News"));
  const std::vector<v1::RawPage> pages = Pages();
  ASSERT_THAT(pages, SizeIs(1));
  EXPECT_TRUE(
      google::protobuf::util::MessageDifferencer::Equals(pages[0], expected))
      << pages[0].DebugString();

  const kafka::Record record = broker_.Records(topics_.pages)[0];
  EXPECT_EQ(record.key, PageUid(kUrl));
  EXPECT_EQ(kafka::FindHeader(record.headers, "ce_type"),
            "dateline.v1.RawPage");
  EXPECT_EQ(kafka::FindHeader(record.headers, "ce_subject"), kUrl);
  EXPECT_EQ(kafka::FindHeader(record.headers, "traceparent")->size(), 55U);

  const auto frontier = Frontier();
  ASSERT_EQ(frontier.size(), 2U);
  const v1::UrlEntry& entry = frontier.at(kUrl).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_FETCHED);
  EXPECT_EQ(entry.revision(), 1);
  EXPECT_EQ(FromProto(entry.next_fetch_time()), kNow + absl::Hours(1));
  EXPECT_EQ(frontier.at("host/127.0.0.1").host().revision(), 1);
  EXPECT_EQ(fetcher_->producer->commits(), 1);
  EXPECT_GT(broker_.CommittedOffset({topics_.frontier, Partition(kUrl)}), 0);
}

TEST_F(WorkerTest, CountsAndTellsEachOutcomeOnce) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  Submit("http://127.0.0.1/gone");
  fetcher_->Settle();
  std::vector<std::string> codes;
  for (const v1::FetchEvent& event : fetcher_->listener->events) {
    codes.push_back(event.reason_code());
  }
  EXPECT_THAT(codes, UnorderedElementsAre("ok", "http_404"));
  const auto count = [&](const char* outcome, const char* reason) {
    return fetcher_->metrics
        .Counter("dateline_fetcher_fetches_total",
                 "Fetches that ended, by outcome and reason",
                 {{"outcome", outcome}, {"reason", reason}})
        .Value();
  };
  EXPECT_EQ(count("fetched", "ok"), 1);
  EXPECT_EQ(count("skipped", "http_404"), 1);
}

TEST_F(WorkerTest, WritesAnAbortedBatchAgain) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  ASSERT_TRUE(fetcher_->http.AnswerAll());
  fetcher_->producer->FailNext("Commit", absl::AbortedError("aborted"));
  EXPECT_TRUE(absl::IsAborted(fetcher_->worker.Step(absl::ZeroDuration())));
  EXPECT_THAT(Pages(), IsEmpty());
  EXPECT_THAT(fetcher_->listener->events, IsEmpty());
  fetcher_->Settle();
  EXPECT_THAT(Pages(), SizeIs(1));
  EXPECT_THAT(fetcher_->listener->events, SizeIs(1));
  EXPECT_EQ(fetcher_->producer->aborts(), 1);
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
}

TEST_F(WorkerTest, APageTooLargeForTheTopicIsRefused) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  ASSERT_TRUE(fetcher_->http.AnswerAll());
  fetcher_->producer->FailNext("Produce",
                               absl::InvalidArgumentError("too large"));
  fetcher_->Settle();
  EXPECT_THAT(Pages(), IsEmpty());
  ASSERT_THAT(fetcher_->listener->events, SizeIs(1));
  EXPECT_EQ(fetcher_->listener->events[0].reason_code(), "too_large_for_topic");
  EXPECT_EQ(Frontier().at(kUrl).url().last_outcome(),
            v1::FETCH_OUTCOME_REFUSED);
}

TEST_F(WorkerTest, FetchesWhatAFeedNames) {
  const std::string feed = "http://127.0.0.1/feed";
  fetcher_->http.Set(feed, 200, "application/rss+xml",
                     "<rss><channel>"
                     "<item><title>One</title><link>/1</link></item>"
                     "<item><title>Two</title>"
                     "<link>http://127.0.0.2/2?utm_source=x</link></item>"
                     "<item><link>mailto:desk@news.example</link></item>"
                     "</channel></rss>");
  fetcher_->http.Set("http://127.0.0.1/1", 200, "text/html", "one");
  fetcher_->http.Set("http://127.0.0.2/2", 200, "text/html", "two");
  AddFeed(feed);
  fetcher_->Settle();
  std::vector<std::string> titles;
  for (const v1::RawPage& page : Pages()) {
    titles.push_back(page.hints().title());
    EXPECT_EQ(page.hints().source(), "sources/a");
    EXPECT_EQ(page.hints().publisher(), "The Post");
  }
  EXPECT_THAT(titles, UnorderedElementsAre("One", "Two"));
  EXPECT_EQ(Frontier().count(SubmissionKey("http://127.0.0.1/1")), 0U);

  fetcher_->http.Set(feed, 200, "application/rss+xml",
                     "<rss><channel><item><link>/1</link></item>"
                     "<item><link>/3</link></item></channel></rss>");
  clock_.Advance(absl::Minutes(5));
  fetcher_->Settle();
  EXPECT_THAT(
      fetcher_->http.requests(),
      ElementsAre(feed, testing::_, testing::_, feed, "http://127.0.0.1/3"));
}

TEST_F(WorkerTest, AFeedThatIsNoneFailsAndIsTriedAgain) {
  const std::string feed = "http://127.0.0.1/feed";
  fetcher_->http.Set(feed, 200, "text/html", "<html/>");
  AddFeed(feed);
  fetcher_->Settle();
  const v1::UrlEntry entry = Frontier().at(feed).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_FAILED);
  EXPECT_EQ(entry.consecutive_failures(), 1);
  EXPECT_EQ(FromProto(entry.next_fetch_time()), kNow + absl::Minutes(5));
}

TEST_F(WorkerTest, APageThatIsTheSameIsNotPublishedAgain) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  clock_.Advance(absl::Hours(1));
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl, kUrl));
  EXPECT_THAT(Pages(), SizeIs(1));
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>Corrected");
  clock_.Advance(absl::Hours(23));
  fetcher_->Settle();
  EXPECT_THAT(Pages(), SizeIs(2));
  clock_.Advance(absl::Hours(1000));
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), SizeIs(3));
}

TEST_F(WorkerTest, DropsWhatItFetchedOfARevokedPartition) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  ASSERT_TRUE(fetcher_->http.AnswerAll());
  fetcher_->consumer->Revoke({{topics_.frontier, Partition(kUrl)}});
  EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  EXPECT_THAT(Pages(), IsEmpty());
  EXPECT_TRUE(absl::IsUnavailable(fetcher_->worker.Find(kUrl).status()));
}

TEST_F(WorkerTest, GoesOnAfterARestartWhereItWas) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  Submit("http://127.0.0.1/next");
  Fetcher restarted(&broker_, &clock_);
  restarted.Settle();
  EXPECT_THAT(restarted.http.requests(), ElementsAre("http://127.0.0.1/next"));
  EXPECT_EQ(restarted.worker.Find(kUrl)->revision(), 1);
}

TEST_F(WorkerTest, LeavesOutRecordsThatAreNone) {
  broker_.Append({topics_.frontier, 0, "rubbish", "\xFF\xFF", {}});
  Submit(kUrl);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
}

}  // namespace
}  // namespace dateline::fetcher
