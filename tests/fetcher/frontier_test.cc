#include "fetcher/core/frontier.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
#include "fetcher/core/robots_state.h"
#include "fetcher/core/schedule.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);
constexpr int32_t kPartition = 0;

class FrontierTest : public testing::Test {
 protected:
  FrontierTest() {
    frontier_.AddPartition(kPartition);
    for (const char* host :
         {"a.example", "b.example", "127.0.0.1", "127.0.0.1:8080"}) {
      Apply(HostKey(host), HostWithRobots(host, 404, ""));
    }
  }

  static v1::FrontierRecord HostWithRobots(const std::string& host, int status,
                                           const std::string& robots) {
    v1::FrontierRecord record;
    record.mutable_host()->set_host(host);
    record.mutable_host()->set_revision(1);
    record.mutable_host()->set_robots_status(status);
    record.mutable_host()->set_robots_txt(robots);
    *record.mutable_host()->mutable_robots_fetch_time() = ToProto(kNow);
    return record;
  }

  void Submit(const std::string& url, bool refetch = false) {
    v1::FrontierRecord record;
    record.mutable_submission()->set_url(url);
    record.mutable_submission()->set_refetch(refetch);
    *record.mutable_submission()->mutable_submit_time() = ToProto(now_);
    Apply(SubmissionKey(url), record);
  }
  void ApplyEntry(const std::string& url, absl::Time next, int64_t revision) {
    v1::FrontierRecord record;
    record.mutable_url()->set_url(url);
    record.mutable_url()->set_purpose(v1::FETCH_PURPOSE_PAGE);
    record.mutable_url()->set_revision(revision);
    *record.mutable_url()->mutable_next_fetch_time() = ToProto(next);
    Apply(UrlKey(url), record);
  }
  void Apply(const std::string& key, const v1::FrontierRecord& record) {
    ASSERT_TRUE(
        frontier_.Apply(kPartition, key, record.SerializeAsString(), now_)
            .ok());
  }
  void Delete(const std::string& key) {
    ASSERT_TRUE(frontier_.Apply(kPartition, key, std::nullopt, now_).ok());
  }
  std::vector<std::string> Take() {
    taken_ = frontier_.Take(now_, 100);
    std::vector<std::string> urls;
    for (const FetchTask& task : taken_) urls.push_back(task.entry.url());
    return urls;
  }
  void Answered(const FetchTask& task) {
    FetchResult result;
    result.status = 200;
    result.end_time = now_;
    result.address = address_;
    frontier_.HostAnswered(
        task, result,
        AfterRequest(frontier_.FindHost(task.partition, task.host), result, 0));
  }
  v1::UrlEntry Finished(const FetchTask& task, absl::Time next) {
    v1::UrlEntry after = task.entry;
    after.set_revision(after.revision() + 1);
    *after.mutable_next_fetch_time() = ToProto(next);
    frontier_.Finish(task, after);
    return after;
  }

  absl::Time now_ = kNow;
  std::string address_;
  Frontier frontier_{FrontierOptions{
      {absl::Seconds(1), absl::ZeroDuration(), absl::Seconds(1)}, "Dateline"}};
  std::vector<FetchTask> taken_;
};

TEST_F(FrontierTest, SchedulesNothingUntilThePartitionIsRead) {
  Submit("http://a.example/1");
  EXPECT_THAT(Take(), IsEmpty());
  frontier_.FinishLoading(kPartition);
  EXPECT_THAT(Take(), ElementsAre("http://a.example/1"));
}

TEST_F(FrontierTest, AsksAHostOneAtATimeAndNoFasterThanItsDelay) {
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  Submit("http://a.example/2");
  Submit("http://b.example/1");
  EXPECT_THAT(Take(),
              testing::UnorderedElementsAre(testing::_, "http://b.example/1"));
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(frontier_.NextReady(), absl::InfiniteFuture());
  now_ += absl::Seconds(5);
  FetchTask task;
  task.partition = kPartition;
  task.epoch = 1;
  task.host = "a.example";
  Answered(task);
  EXPECT_THAT(Take(), IsEmpty());
  now_ += absl::Milliseconds(999);
  EXPECT_THAT(Take(), IsEmpty());
  now_ += absl::Milliseconds(2);
  EXPECT_THAT(Take(), testing::SizeIs(1));
}

TEST_F(FrontierTest, LoopbackHostsHaveADelayOfTheirOwn) {
  frontier_.FinishLoading(kPartition);
  Submit("http://127.0.0.1:8080/1");
  Submit("http://127.0.0.1:8080/2");
  ASSERT_THAT(Take(), testing::SizeIs(1));
  Answered(taken_[0]);
  EXPECT_THAT(Take(), testing::SizeIs(1));
}

TEST_F(FrontierTest, KeepsDelayAndBackOffOfARestart) {
  v1::FrontierRecord record = HostWithRobots("a.example", 404, "");
  v1::HostState& host = *record.mutable_host();
  host.set_revision(3);
  *host.mutable_last_request_time() = ToProto(now_);
  *host.mutable_back_off_until() = ToProto(now_ + absl::Seconds(40));
  Apply(HostKey("a.example"), record);
  Submit("http://a.example/1");
  frontier_.FinishLoading(kPartition);
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(frontier_.NextReady(), now_ + absl::Seconds(40));
  now_ += absl::Seconds(40);
  EXPECT_THAT(Take(), ElementsAre("http://a.example/1"));
}

TEST_F(FrontierTest, TakesUrlsInTheOrderOfTheirTimes) {
  ApplyEntry("http://127.0.0.1/late", now_ + absl::Seconds(20), 1);
  ApplyEntry("http://127.0.0.1/early", now_ + absl::Seconds(10), 1);
  frontier_.FinishLoading(kPartition);
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(frontier_.NextReady(), now_ + absl::Seconds(10));
  now_ += absl::Seconds(30);
  EXPECT_THAT(Take(), ElementsAre("http://127.0.0.1/early"));
  Answered(taken_[0]);
  EXPECT_THAT(Take(), ElementsAre("http://127.0.0.1/late"));
}

TEST_F(FrontierTest, OwnRecordsComingBackUndoNothing) {
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  ASSERT_THAT(Take(), testing::SizeIs(1));
  const FetchTask first = taken_[0];
  Answered(first);
  const v1::UrlEntry once = Finished(first, now_ + absl::Seconds(10));
  now_ += absl::Seconds(10);
  ASSERT_THAT(Take(), ElementsAre("http://a.example/1"));
  const FetchTask second = taken_[0];
  Answered(second);
  Finished(second, now_ + absl::Hours(1));
  v1::FrontierRecord record;
  *record.mutable_url() = once;
  Apply(UrlKey(once.url()), record);
  Delete(SubmissionKey(once.url()));
  now_ += absl::Minutes(1);
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_EQ(frontier_.Find(kPartition, once.url())->revision(), 2);
  EXPECT_EQ(frontier_.FindHost(kPartition, "a.example").revision(), 3);
}

TEST_F(FrontierTest, ASubmissionIsDeletedWithItsEntry) {
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  ASSERT_THAT(Take(), testing::SizeIs(1));
  EXPECT_TRUE(frontier_.HasSubmission(taken_[0]));
  Finished(taken_[0], now_ + absl::Hours(1));
  EXPECT_FALSE(frontier_.HasSubmission(taken_[0]));
  EXPECT_THAT(frontier_.UnsettledSubmissions(10), IsEmpty());
}

TEST_F(FrontierTest, ASubmissionOfAKnownUrlIsOnlyDeleted) {
  ApplyEntry("http://a.example/1", now_ + absl::Hours(1), 1);
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  EXPECT_THAT(Take(), IsEmpty());
  const std::vector<SettledSubmission> settled =
      frontier_.UnsettledSubmissions(10);
  ASSERT_THAT(settled, testing::SizeIs(1));
  EXPECT_EQ(settled[0].url, "http://a.example/1");
  frontier_.Settled(settled);
  EXPECT_THAT(frontier_.UnsettledSubmissions(10), IsEmpty());
}

TEST_F(FrontierTest, ReadsAFinishedSubmissionAsFinished) {
  Submit("http://a.example/1");
  ApplyEntry("http://a.example/1", now_ + absl::Hours(1), 1);
  Delete(SubmissionKey("http://a.example/1"));
  frontier_.FinishLoading(kPartition);
  EXPECT_THAT(Take(), IsEmpty());
  EXPECT_THAT(frontier_.UnsettledSubmissions(10), IsEmpty());
}

TEST_F(FrontierTest, RefetchMakesAKnownUrlDueNow) {
  ApplyEntry("http://a.example/1", now_ + absl::Hours(1), 1);
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1", /*refetch=*/true);
  ASSERT_THAT(Take(), ElementsAre("http://a.example/1"));
  EXPECT_EQ(taken_[0].entry.revision(), 1);
  EXPECT_TRUE(frontier_.HasSubmission(taken_[0]));
}

TEST_F(FrontierTest, TasksOfALostPartitionComeToNothing) {
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  ASSERT_THAT(Take(), testing::SizeIs(1));
  const FetchTask task = taken_[0];
  frontier_.RemovePartition(kPartition);
  EXPECT_FALSE(frontier_.IsCurrent(task));
  frontier_.AddPartition(kPartition);
  EXPECT_FALSE(frontier_.IsCurrent(task));
  frontier_.FinishLoading(kPartition);
  Finished(task, now_);
  EXPECT_EQ(frontier_.UrlCount(), 0U);
  EXPECT_THAT(Take(), IsEmpty());
}

TEST_F(FrontierTest, ReturnedTasksAreDueAgain) {
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/1");
  ASSERT_THAT(Take(), testing::SizeIs(1));
  frontier_.Return(taken_[0]);
  EXPECT_THAT(Take(), ElementsAre("http://a.example/1"));
}

TEST_F(FrontierTest, SourcesAreDueAtOnceAndRestWhenTheyGo) {
  frontier_.FinishLoading(kPartition);
  v1::Source source;
  source.set_name("sources/a");
  source.set_kind(v1::SOURCE_KIND_FEED);
  source.set_url("http://a.example/feed");
  *source.mutable_interval() = ToProto(absl::Minutes(10));
  frontier_.SetSources({source}, 1, now_);
  ASSERT_THAT(Take(), ElementsAre("http://a.example/feed"));
  EXPECT_EQ(taken_[0].entry.purpose(), v1::FETCH_PURPOSE_SOURCE);
  EXPECT_EQ(taken_[0].entry.hints().source(), "sources/a");
  EXPECT_EQ(FromProto(taken_[0].entry.interval()), absl::Minutes(10));
  Answered(taken_[0]);
  Finished(taken_[0], now_ + absl::Minutes(10));
  frontier_.SetSources({source}, 1, now_);
  EXPECT_THAT(Take(), IsEmpty());

  frontier_.SetSources({}, 1, now_);
  now_ += absl::Hours(1);
  EXPECT_THAT(Take(), IsEmpty());
  frontier_.SetSources({source}, 1, now_);
  EXPECT_THAT(Take(), ElementsAre("http://a.example/feed"));
}

TEST_F(FrontierTest, SourcesKeepTheIntervalTheyArrivedAt) {
  v1::Source source;
  source.set_name("sources/a");
  source.set_url("http://a.example/feed");
  *source.mutable_interval() = ToProto(absl::Minutes(10));
  v1::FrontierRecord record;
  v1::UrlEntry& entry = *record.mutable_url();
  entry.set_url(source.url());
  entry.set_purpose(v1::FETCH_PURPOSE_SOURCE);
  entry.mutable_hints()->set_source(source.name());
  entry.set_revision(7);
  *entry.mutable_next_fetch_time() = ToProto(now_ + absl::Hours(3));
  *entry.mutable_interval() = ToProto(absl::Hours(4));
  *entry.mutable_readings()->mutable_least_interval() =
      ToProto(absl::Minutes(10));
  // A restart, and a rebalance: the entry is read before the source is known.
  Apply(UrlKey(source.url()), record);
  frontier_.FinishLoading(kPartition);
  frontier_.SetSources({source}, 1, now_);
  EXPECT_EQ(frontier_.NextReady(), now_ + absl::Hours(3));
  EXPECT_EQ(frontier_.Find(kPartition, source.url())->SerializeAsString(),
            entry.SerializeAsString());

  *source.mutable_interval() = ToProto(absl::Minutes(1));
  frontier_.SetSources({source}, 1, now_);
  EXPECT_EQ(frontier_.NextReady(), now_ + absl::Minutes(1));
}

TEST_F(FrontierTest, APageThatBecomesASourceBeginsAtItsInterval) {
  ApplyEntry("http://a.example/news", now_ + absl::Hours(1), 1);
  frontier_.FinishLoading(kPartition);
  v1::Source source;
  source.set_name("sources/a");
  source.set_url("http://a.example/news");
  frontier_.SetSources({source}, 1, now_);
  ASSERT_THAT(Take(), ElementsAre("http://a.example/news"));
  EXPECT_EQ(FromProto(taken_[0].entry.interval()), absl::Minutes(5));
}

TEST_F(FrontierTest, GivesTheEntriesOfTheSourcesThereAre) {
  ApplyEntry("http://a.example/1", now_, 1);
  frontier_.FinishLoading(kPartition);
  v1::Source source;
  source.set_name("sources/a");
  source.set_url("http://a.example/feed");
  frontier_.SetSources({source}, 1, now_);
  ASSERT_THAT(frontier_.SourceEntries(), testing::SizeIs(1));
  EXPECT_EQ(frontier_.SourceEntries()[0].url(), source.url());
  source.set_paused(true);
  frontier_.SetSources({source}, 1, now_);
  EXPECT_THAT(frontier_.SourceEntries(), IsEmpty());
}

TEST_F(FrontierTest, CountsTheRedirectsOfASubmission) {
  frontier_.FinishLoading(kPartition);
  v1::FrontierRecord record;
  record.mutable_submission()->set_url("http://a.example/moved");
  record.mutable_submission()->set_redirects(3);
  Apply(SubmissionKey("http://a.example/moved"), record);
  ASSERT_THAT(Take(), testing::SizeIs(1));
  EXPECT_EQ(taken_[0].entry.redirects(), 3);
}

TEST_F(FrontierTest, PausedSourcesRest) {
  frontier_.FinishLoading(kPartition);
  v1::Source source;
  source.set_name("sources/a");
  source.set_url("http://a.example/feed");
  source.set_paused(true);
  frontier_.SetSources({source}, 1, now_);
  EXPECT_THAT(Take(), IsEmpty());
}

TEST_F(FrontierTest, AsksForRobotsFirstAndAgainAfterADay) {
  frontier_.FinishLoading(kPartition);
  Submit("https://c.example/1");
  ASSERT_THAT(Take(), ElementsAre("https://c.example/robots.txt"));
  EXPECT_EQ(taken_[0].entry.purpose(), v1::FETCH_PURPOSE_ROBOTS);
  FetchResult result;
  result.status = 200;
  result.body = "User-agent: dateline\nCrawl-delay: 20\n";
  result.end_time = now_;
  frontier_.HostAnswered(
      taken_[0], result,
      AfterRobots(
          AfterRequest(frontier_.FindHost(kPartition, "c.example"), result, 0),
          result));
  EXPECT_EQ(frontier_.NextReady(), now_ + absl::Milliseconds(20'001));
  now_ += absl::Seconds(21);
  ASSERT_THAT(Take(), ElementsAre("https://c.example/1"));
  EXPECT_EQ(taken_[0].delay, absl::Seconds(20));
  Answered(taken_[0]);
  Finished(taken_[0], now_ + absl::Hours(24));
  now_ += absl::Hours(24);
  EXPECT_THAT(Take(), ElementsAre("https://c.example/robots.txt"));
}

TEST_F(FrontierTest, RefusalsOfRobotsTakeNoTime) {
  v1::FrontierRecord record =
      HostWithRobots("a.example", 200, "User-agent: *\nDisallow: /private/\n");
  record.mutable_host()->set_revision(2);
  Apply(HostKey("a.example"), record);
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/private/1");
  Submit("http://a.example/private/2");
  ASSERT_THAT(Take(), testing::SizeIs(2));
  for (const FetchTask& task : taken_) {
    EXPECT_EQ(task.refusal, FetchError::kRobots);
  }
}

TEST_F(FrontierTest, GoesByTheCachedCopyWhileTheHostIsDown) {
  v1::FrontierRecord record =
      HostWithRobots("a.example", 503, "User-agent: *\nDisallow: /private/\n");
  record.mutable_host()->set_revision(2);
  Apply(HostKey("a.example"), record);
  frontier_.FinishLoading(kPartition);
  Submit("http://a.example/private/1");
  Submit("http://a.example/open");
  Take();
  std::vector<std::string> refused;
  for (const FetchTask& task : taken_) {
    if (task.refusal == FetchError::kRobots) {
      refused.push_back(task.entry.url());
    } else {
      EXPECT_EQ(task.entry.url(), "http://a.example/open");
      EXPECT_EQ(task.refusal, FetchError::kNone);
      Answered(task);
    }
  }
  now_ += absl::Seconds(2);
  Take();
  for (const FetchTask& task : taken_) refused.push_back(task.entry.url());
  EXPECT_THAT(refused, ElementsAre("http://a.example/private/1"));
}

TEST_F(FrontierTest, HostsAtOneAddressTakeTurns) {
  address_ = "192.0.2.1";
  for (const char* host : {"a.example", "b.example", "d.example"}) {
    v1::FrontierRecord record = HostWithRobots(host, 404, "");
    record.mutable_host()->set_revision(2);
    record.mutable_host()->set_address(address_);
    Apply(HostKey(host), record);
  }
  frontier_.FinishLoading(kPartition);
  for (const char* host : {"a", "b", "d"}) {
    Submit(absl::StrCat("http://", host, ".example/1"));
  }
  std::vector<std::string> asked;
  for (int i = 0; i < 3; ++i) {
    ASSERT_THAT(Take(), testing::SizeIs(1)) << i;
    const FetchTask task = taken_[0];
    asked.push_back(task.host);
    now_ += absl::Milliseconds(500);
    EXPECT_THAT(Take(), IsEmpty());
    Answered(task);
    now_ += absl::Milliseconds(999);
    EXPECT_THAT(Take(), IsEmpty());
    now_ += absl::Milliseconds(501);
  }
  EXPECT_THAT(asked, testing::UnorderedElementsAre("a.example", "b.example",
                                                   "d.example"));
}

TEST_F(FrontierTest, LeavesOutRecordsThatAreNone) {
  EXPECT_FALSE(
      frontier_.Apply(kPartition, "http://a.example/", "\xFF\xFF", now_).ok());
  v1::FrontierRecord record;
  record.mutable_url()->set_url("http://b.example/");
  EXPECT_FALSE(frontier_
                   .Apply(kPartition, "http://a.example/",
                          record.SerializeAsString(), now_)
                   .ok());
  record.mutable_url()->set_url("no url");
  EXPECT_FALSE(
      frontier_.Apply(kPartition, "no url", record.SerializeAsString(), now_)
          .ok());
  EXPECT_EQ(frontier_.UrlCount(), 0U);
}

}  // namespace
}  // namespace dateline::fetcher
