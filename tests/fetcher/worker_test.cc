#include "fetcher/worker.h"

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
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
#include "tests/support/fake_span_sink.h"

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

class Archive final : public PageArchive {
 public:
  void Add(const v1::UrlEntry& entry, FetchResult answer) override {
    entries.push_back(entry);
    answers.push_back(std::move(answer));
  }
  std::vector<v1::UrlEntry> entries;
  std::vector<FetchResult> answers;
};

// One fetcher over a broker that outlives it.
struct Fetcher {
  Fetcher(kafka::FakeBroker* broker, const Clock* clock,
          const ScheduleRules& rules = {})
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
            TopicNames("dateline."), rules, &crawler, &http, &sources, &events,
            &metrics, &archive, &spans) {
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
  Archive archive;
  otlp::FakeSpanSink spans;
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
  // Goes on until a page is asked for.
  void PassRobots() {
    while (fetcher_->http.requests().empty()) {
      EXPECT_TRUE(fetcher_->sources.Step(absl::ZeroDuration()).ok());
      EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
      if (fetcher_->http.requests().empty()) fetcher_->http.AnswerAll();
    }
    EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  }
  int32_t Partition(const std::string& url) {
    return PartitionOfUrl(url, kPartitions).value();
  }
  void AddFeed(const std::string& url) { AddSource(url, v1::SOURCE_KIND_FEED); }
  void AddSource(const std::string& url, v1::SourceKind kind) {
    v1::Source source;
    source.set_name("sources/a");
    source.set_kind(kind);
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
  const v1::HostState& host = frontier.at("host/127.0.0.1").host();
  EXPECT_EQ(host.revision(), 2);
  EXPECT_EQ(host.robots_status(), 404);
  // What robots.txt says is written with it.
  EXPECT_EQ(fetcher_->producer->commits(), 1);
  EXPECT_GT(broker_.CommittedOffset({topics_.frontier, Partition(kUrl)}), 0);
}

TEST_F(WorkerTest, BeginsAPagesTraceWithASpan) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  const kafka::Record page = broker_.Records(topics_.pages)[0];
  const std::vector<otlp::Span> expected = {
      {.context =
           *ParseTraceparent(*kafka::FindHeader(page.headers, "traceparent")),
       .name = "fetch",
       .kind = otlp::SpanKind::kProducer,
       .start = kNow,
       .end = kNow,
       .attributes = {{"messaging.system", "kafka"},
                      {"messaging.destination.name", topics_.pages},
                      {"messaging.kafka.message.key", page.key},
                      {"messaging.operation.type", "send"},
                      {"messaging.operation.name", "fetch"},
                      {"url.full", kUrl},
                      {"http.response.status_code", int64_t{200}}}}};
  EXPECT_EQ(fetcher_->spans.WaitFor(1), expected);
}

TEST_F(WorkerTest, PublishesABodyInTheCodingsItCameIn) {
  FetchResult answer;
  answer.url = kUrl;
  answer.status = 200;
  answer.body = "coded";
  answer.content_codings = {"gzip", "br"};
  answer.body_start = "<p>News";
  answer.body_bytes = 7;
  answer.body_sha256 = Sha256("<p>News");
  answer.end_time = kNow;
  fetcher_->http.SetResult(kUrl, answer);
  Submit(kUrl);
  fetcher_->Settle();
  const std::vector<v1::RawPage> pages = Pages();
  ASSERT_THAT(pages, SizeIs(1));
  EXPECT_EQ(pages[0].body(), "coded");
  EXPECT_THAT(pages[0].content_codings(), ElementsAre("gzip", "br"));
  EXPECT_EQ(pages[0].body_sha256(), Sha256("<p>News"));
  EXPECT_EQ(Frontier().at(kUrl).url().body_sha256(), Sha256("<p>News"));
  EXPECT_EQ(fetcher_->listener->events[0].body_bytes(), 7);
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
  PassRobots();
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
  PassRobots();
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

TEST_F(WorkerTest, ALateRevisitDoesNotPutOffTheNext) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  clock_.Advance(absl::Hours(3));
  fetcher_->Settle();
  EXPECT_EQ(FromProto(Frontier().at(kUrl).url().next_fetch_time()),
            kNow + absl::Hours(24));
  clock_.Advance(absl::Hours(21));
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), SizeIs(3));
  EXPECT_FALSE(Frontier().at(kUrl).url().has_next_fetch_time());
  EXPECT_FALSE(Frontier().at(kUrl).url().has_first_fetch_time());
}

TEST_F(WorkerTest, CountsRevisitsFromTheFirstFetchThatIsNoFailure) {
  fetcher_->http.Set(kUrl, 503, "text/html", "");
  Submit(kUrl);
  fetcher_->Settle();
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  clock_.Advance(absl::Minutes(1));
  fetcher_->Settle();
  ASSERT_THAT(Pages(), SizeIs(1));
  EXPECT_EQ(FromProto(Frontier().at(kUrl).url().next_fetch_time()),
            kNow + absl::Minutes(61));
}

TEST_F(WorkerTest, AsksForNothingBeforeTheSourcesAreKnown) {
  Submit(kUrl);
  for (int i = 0; i < 10; ++i) {
    ASSERT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  }
  EXPECT_FALSE(fetcher_->http.AnswerAll());
  PassRobots();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
}

TEST_F(WorkerTest, LooksAtNoPageAgainWithoutRevisits) {
  ScheduleRules rules;
  rules.revisits.clear();
  fetcher_ = std::make_unique<Fetcher>(&broker_, &clock_, rules);
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  clock_.Advance(absl::Hours(1000));
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
}

TEST_F(WorkerTest, AFeedThatStaysTheSameIsLookedAtLessOften) {
  const std::string feed = "http://127.0.0.1/feed";
  fetcher_->http.Set(feed, 200, "application/rss+xml",
                     "<rss><channel><item><link>/1</link></item></channel>"
                     "</rss>");
  fetcher_->http.Set("http://127.0.0.1/1", 200, "text/html", "one");
  AddFeed(feed);
  fetcher_->Settle();
  clock_.Advance(absl::Minutes(5));
  fetcher_->Settle();
  v1::UrlEntry entry = Frontier().at(feed).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_UNCHANGED);
  EXPECT_EQ(FromProto(entry.interval()), absl::Minutes(7.5));
  // The same links under another date are nothing new.
  fetcher_->http.Set(feed, 200, "application/rss+xml",
                     "<rss><channel><pubDate/><item><link>/1</link></item>"
                     "</channel></rss>");
  clock_.Advance(absl::Minutes(7.5));
  fetcher_->Settle();
  entry = Frontier().at(feed).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_FETCHED);
  EXPECT_EQ(FromProto(entry.interval()), absl::Minutes(11.25));

  // A restart goes on with that interval.
  Fetcher restarted(&broker_, &clock_);
  restarted.http.Set(feed, 304, "", "");
  restarted.Settle();
  clock_.Advance(absl::Minutes(11));
  restarted.Settle();
  EXPECT_THAT(restarted.http.requests(), IsEmpty());
  clock_.Advance(absl::Minutes(1));
  restarted.Settle();
  EXPECT_THAT(restarted.http.requests(), ElementsAre(feed));
}

TEST_F(WorkerTest, ShowsHowASourceStandsAfterARestartToo) {
  const std::string feed = "http://127.0.0.1/feed";
  AddFeed(feed);
  std::string items;
  for (int hour = 0; hour < 100; ++hour) {
    items += absl::StrCat("<item><link>/", hour, "</link></item>");
    fetcher_->http.Set(
        feed, 200, "application/rss+xml",
        absl::StrCat("<rss><channel><ttl>60</ttl>", items, "</channel></rss>"));
    fetcher_->Settle();
    clock_.Advance(absl::Hours(1));
  }
  Fetcher restarted(&broker_, &clock_);
  restarted.http.Set(feed, 304, "", "");
  restarted.Settle();
  const auto shown = [&](const char* name) {
    return restarted.metrics.Gauge(name, "", {{"source", "sources/a"}}).Value();
  };
  clock_.Advance(absl::Seconds(15));
  restarted.Settle();
  EXPECT_NEAR(shown("dateline_fetcher_source_urls_per_day"), 24, 1);
  EXPECT_EQ(shown("dateline_fetcher_source_quiet"), 0);
  EXPECT_EQ(shown("dateline_fetcher_source_last_new_timestamp_seconds"),
            absl::ToUnixSeconds(kNow + absl::Hours(99)));
  EXPECT_EQ(shown("dateline_fetcher_source_last_success_timestamp_seconds"),
            absl::ToUnixSeconds(kNow + absl::Hours(100)));
  clock_.Advance(absl::Hours(25));
  restarted.Settle();
  EXPECT_EQ(shown("dateline_fetcher_source_quiet"), 1);
  EXPECT_EQ(restarted.metrics
                .Counter("dateline_fetcher_source_fetches_total", "",
                         {{"source", "sources/a"},
                          {"outcome", "unchanged"},
                          {"reason", "not_modified"}})
                .Value(),
            2);
}

TEST_F(WorkerTest, LooksAtAFeedNoSoonerThanItAsks) {
  const std::string feed = "http://127.0.0.1/feed";
  fetcher_->http.Set(feed, 200, "application/rss+xml",
                     "<rss><channel><ttl>60</ttl></channel></rss>");
  AddFeed(feed);
  fetcher_->Settle();
  EXPECT_EQ(FromProto(Frontier().at(feed).url().next_fetch_time()),
            kNow + absl::Hours(1));
  FetchResult not_modified;
  not_modified.status = 304;
  v1::HttpHeader& header = not_modified.headers.emplace_back();
  header.set_name("Cache-Control");
  header.set_value("max-age=7200");
  fetcher_->http.SetResult(feed, not_modified);
  clock_.Advance(absl::Hours(1));
  fetcher_->Settle();
  EXPECT_EQ(FromProto(Frontier().at(feed).url().next_fetch_time()),
            kNow + absl::Hours(3));
}

TEST_F(WorkerTest, DropsWhatItFetchedOfARevokedPartition) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  PassRobots();
  ASSERT_TRUE(fetcher_->http.AnswerAll());
  fetcher_->consumer->Revoke({{topics_.frontier, Partition(kUrl)}});
  EXPECT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  EXPECT_THAT(Pages(), IsEmpty());
  EXPECT_TRUE(absl::IsUnavailable(fetcher_->worker.Find(kUrl).status()));
}

TEST_F(WorkerTest, RefusesWhatRobotsForbids) {
  fetcher_->http.Set("http://127.0.0.1/robots.txt", 200, "text/plain",
                     "User-agent: dateline\nDisallow: /news/\n");
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  fetcher_->http.Set("http://127.0.0.1/open", 200, "text/html", "<p>Open");
  Submit(kUrl);
  Submit("http://127.0.0.1/open");
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre("http://127.0.0.1/open"));
  std::vector<std::string> codes;
  for (const v1::FetchEvent& event : fetcher_->listener->events) {
    codes.push_back(event.reason_code());
  }
  EXPECT_THAT(codes, UnorderedElementsAre("ok", "robots"));
  const v1::UrlEntry entry = Frontier().at(kUrl).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_REFUSED);
  EXPECT_FALSE(entry.has_next_fetch_time());
}

TEST_F(WorkerTest, FetchesNothingWhileRobotsCanNotBeHad) {
  FetchResult down;
  down.error = FetchError::kConnect;
  fetcher_->http.SetResult("http://127.0.0.1/robots.txt", down);
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), IsEmpty());
  ASSERT_THAT(fetcher_->listener->events, SizeIs(1));
  EXPECT_EQ(fetcher_->listener->events[0].reason_code(), "connect");
  fetcher_->http.Set("http://127.0.0.1/robots.txt", 404, "text/plain", "");
  clock_.Advance(absl::Minutes(1));
  fetcher_->Settle();
  EXPECT_THAT(Pages(), SizeIs(1));
}

TEST_F(WorkerTest, ARedirectToAnotherHostIsAskedInItsTurn) {
  FetchResult moved;
  moved.error = FetchError::kOtherHost;
  moved.status = 301;
  moved.moved_to = "http://127.0.0.2/private/1";
  fetcher_->http.SetResult(kUrl, moved);
  fetcher_->http.Set("http://127.0.0.2/robots.txt", 200, "text/plain",
                     "User-agent: *\nDisallow: /private/\n");
  Submit(kUrl);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
  EXPECT_EQ(Frontier().at(kUrl).url().last_outcome(),
            v1::FETCH_OUTCOME_SKIPPED);
  const v1::UrlEntry target = Frontier().at(moved.moved_to).url();
  EXPECT_EQ(target.last_outcome(), v1::FETCH_OUTCOME_REFUSED);
  EXPECT_EQ(target.hints().title(), "Hint");
  EXPECT_EQ(target.redirects(), 1);
}

TEST_F(WorkerTest, AFeedThatMovesToAnotherHostIsReadThere) {
  FetchResult moved;
  moved.error = FetchError::kOtherHost;
  moved.status = 301;
  moved.moved_to = "http://127.0.0.2/feed";
  fetcher_->http.SetResult("http://127.0.0.1/feed", moved);
  fetcher_->http.Set("http://127.0.0.2/feed", 200, "application/rss+xml",
                     "<rss><channel><item><link>/1</link></item></channel>"
                     "</rss>");
  fetcher_->http.Set("http://127.0.0.2/1", 200, "text/html", "one");
  AddFeed("http://127.0.0.1/feed");
  fetcher_->Settle();
  ASSERT_THAT(Pages(), SizeIs(1));
  EXPECT_EQ(Pages()[0].hints().source(), "sources/a");
  EXPECT_EQ(Pages()[0].hints().publisher(), "The Post");
}

TEST_F(WorkerTest, FetchesWhatASiteNames) {
  fetcher_->http.Set("http://127.0.0.1/robots.txt", 200, "text/plain",
                     "Sitemap: http://127.0.0.1/index.xml\n");
  fetcher_->http.Set("http://127.0.0.1/", 200, "text/html",
                     "<link rel=alternate type=application/rss+xml href=/feed>"
                     "<a href=/about>About</a>");
  fetcher_->http.Set("http://127.0.0.1/feed", 200, "application/rss+xml",
                     "<rss><channel><item><link>/1</link></item></channel>"
                     "</rss>");
  fetcher_->http.Set("http://127.0.0.1/index.xml", 200, "application/xml",
                     "<sitemapindex><sitemap><loc>http://127.0.0.1/map.xml"
                     "</loc></sitemap></sitemapindex>");
  fetcher_->http.Set("http://127.0.0.1/map.xml", 200, "application/xml",
                     "<urlset><url><loc>http://127.0.0.1/2</loc></url>"
                     "</urlset>");
  fetcher_->http.Set("http://127.0.0.1/1", 200, "text/html", "one");
  fetcher_->http.Set("http://127.0.0.1/2", 200, "text/html", "two");
  AddSource("http://127.0.0.1/", v1::SOURCE_KIND_SITE);
  fetcher_->Settle();
  std::vector<std::string> urls;
  for (const v1::RawPage& page : Pages()) {
    urls.push_back(page.url());
    EXPECT_EQ(page.hints().source(), "sources/a");
  }
  EXPECT_THAT(urls,
              UnorderedElementsAre("http://127.0.0.1/1", "http://127.0.0.1/2"));
  const v1::UrlEntry map = Frontier().at("http://127.0.0.1/map.xml").url();
  EXPECT_EQ(map.last_outcome(), v1::FETCH_OUTCOME_FETCHED);
  EXPECT_EQ(FromProto(map.next_fetch_time()), kNow + absl::Minutes(5));
}

TEST_F(WorkerTest, ASourceOfAnotherKindIsReadAgainAtOnce) {
  const std::string page = "http://127.0.0.1/news";
  fetcher_->http.Set(page, 200, "text/html", "<a href=/1>One</a>");
  AddFeed(page);
  fetcher_->Settle();
  EXPECT_EQ(Frontier().at(page).url().last_outcome(), v1::FETCH_OUTCOME_FAILED);
  AddSource(page, v1::SOURCE_KIND_SECTION_PAGE);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(),
              ElementsAre(page, page, "http://127.0.0.1/1"));
  // The same source once more is no reason to read it.
  AddSource(page, v1::SOURCE_KIND_SECTION_PAGE);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), SizeIs(3));
}

TEST_F(WorkerTest, WhatIsUnchangedWasNotReadAsAnotherKind) {
  const std::string page = "http://127.0.0.1/news";
  fetcher_->http.Set(page, 200, "application/rss+xml",
                     "<rss><channel><item><link>/1</link></item></channel>"
                     "</rss>");
  AddFeed(page);
  fetcher_->Settle();
  clock_.Advance(absl::Minutes(5));
  while (fetcher_->http.requests().size() < 3) {
    ASSERT_TRUE(fetcher_->worker.Step(absl::ZeroDuration()).ok());
  }
  // While it is asked for once more, its source becomes another kind.
  AddSource(page, v1::SOURCE_KIND_SITEMAP);
  fetcher_->Settle();
  v1::UrlEntry entry = Frontier().at(page).url();
  EXPECT_EQ(entry.last_outcome(), v1::FETCH_OUTCOME_UNCHANGED);
  EXPECT_EQ(entry.readings().kind(), v1::SOURCE_KIND_FEED);
  EXPECT_EQ(entry.body_sha256(), "");
  clock_.Advance(absl::Hours(1));
  fetcher_->Settle();
  entry = Frontier().at(page).url();
  EXPECT_NE(entry.last_outcome(), v1::FETCH_OUTCOME_UNCHANGED);
  EXPECT_EQ(entry.readings().kind(), v1::SOURCE_KIND_SITEMAP);
}

TEST_F(WorkerTest, FetchesTheLinksOfASectionPageAsItChanges) {
  const std::string page = "http://127.0.0.1/news";
  fetcher_->http.Set(page, 200, "text/html", "<a href=/1>One</a>");
  AddSource(page, v1::SOURCE_KIND_SECTION_PAGE);
  fetcher_->Settle();
  fetcher_->http.Set(page, 200, "text/html",
                     "<a href=/2>Two</a><a href=/1>One</a>");
  clock_.Advance(absl::Minutes(5));
  fetcher_->Settle();
  EXPECT_THAT(
      fetcher_->http.requests(),
      ElementsAre(page, "http://127.0.0.1/1", page, "http://127.0.0.1/2"));
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

TEST_F(WorkerTest, ArchivesWhatIsPublishedOnceItIsCommitted) {
  fetcher_->http.Set(kUrl, 200, "text/html", "<p>News");
  Submit(kUrl);
  PassRobots();
  ASSERT_TRUE(fetcher_->http.AnswerAll());
  fetcher_->producer->FailNext("Commit", absl::AbortedError("aborted"));
  EXPECT_TRUE(absl::IsAborted(fetcher_->worker.Step(absl::ZeroDuration())));
  EXPECT_THAT(fetcher_->archive.answers, IsEmpty());
  AddFeed("http://127.0.0.1/feed");
  fetcher_->http.Set("http://127.0.0.1/feed", 200, "application/rss+xml",
                     "<rss><channel><item><link>/gone</link></item></channel>"
                     "</rss>");
  fetcher_->Settle();
  clock_.Advance(absl::Hours(1));
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), testing::Contains(kUrl).Times(2));
  ASSERT_THAT(fetcher_->archive.answers, SizeIs(1));
  EXPECT_EQ(fetcher_->archive.answers[0].url, kUrl);
  EXPECT_EQ(fetcher_->archive.answers[0].body, "<p>News");
  EXPECT_EQ(fetcher_->archive.entries[0].hints().title(), "Hint");
}

TEST_F(WorkerTest, LeavesOutRecordsThatAreNone) {
  broker_.Append({topics_.frontier, 0, "rubbish", "\xFF\xFF", {}});
  Submit(kUrl);
  fetcher_->Settle();
  EXPECT_THAT(fetcher_->http.requests(), ElementsAre(kUrl));
}

TEST_F(WorkerTest, FetchesNothingWhileItsLastOwnersTransactionIsUnderWay) {
  const int32_t partition = Partition(kUrl);
  Submit(kUrl);
  // The last owner has fetched it, and its two records are not committed yet.
  broker_.SetUncommittedEnd({{topics_.frontier, partition}, 3});
  fetcher_->Settle();
  EXPECT_FALSE(fetcher_->crawler.IsLoaded(partition));
  EXPECT_TRUE(fetcher_->crawler.IsLoaded((partition + 1) % kPartitions));

  v1::FrontierRecord fetched;
  fetched.mutable_url()->set_url(kUrl);
  fetched.mutable_url()->set_purpose(v1::FETCH_PURPOSE_PAGE);
  fetched.mutable_url()->set_revision(1);
  broker_.Append({topics_.frontier,
                  partition,
                  UrlKey(kUrl),
                  fetched.SerializeAsString(),
                  {}});
  broker_.Append(
      {topics_.frontier, partition, SubmissionKey(kUrl), std::nullopt, {}});
  fetcher_->Settle();
  EXPECT_TRUE(fetcher_->crawler.IsLoaded(partition));
  EXPECT_THAT(broker_.Records(topics_.pages), IsEmpty());
}

class CountingClient final : public HttpClient {
 public:
  void Fetch(HttpRequest, Callback) override {}
  void Stop() override { ++stops; }
  int stops = 0;
};

TEST_F(WorkerTest, IsDoneWithItsClientOnceItIsStopped) {
  CountingClient http;
  {
    Worker worker({}, topics_, {}, &fetcher_->crawler, &http,
                  &fetcher_->sources, &fetcher_->events, &fetcher_->metrics);
    worker.Stop();
    EXPECT_EQ(http.stops, 1);
  }
  EXPECT_EQ(http.stops, 1);
}

}  // namespace
}  // namespace dateline::fetcher
