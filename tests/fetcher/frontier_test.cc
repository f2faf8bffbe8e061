#include "fetcher/core/frontier.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fetcher/core/partition_of.h"
#include "fetcher/core/proto_time.h"
#include "fetcher/core/record_key.h"
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
  FrontierTest() { frontier_.AddPartition(kPartition); }

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
    frontier_.HostAnswered(
        task,
        AfterRequest(frontier_.FindHost(task.partition, task.host), result));
  }
  v1::UrlEntry Finished(const FetchTask& task, absl::Time next) {
    v1::UrlEntry after = task.entry;
    after.set_revision(after.revision() + 1);
    *after.mutable_next_fetch_time() = ToProto(next);
    frontier_.Finish(task, after);
    return after;
  }

  absl::Time now_ = kNow;
  Frontier frontier_{HostDelays{absl::Seconds(1), absl::ZeroDuration()}};
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
  const FetchTask task{kPartition, 1, "a.example", {}};
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
  v1::FrontierRecord record;
  v1::HostState& host = *record.mutable_host();
  host.set_host("a.example");
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
  EXPECT_EQ(frontier_.FindHost(kPartition, "a.example").revision(), 2);
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

TEST_F(FrontierTest, PausedSourcesRest) {
  frontier_.FinishLoading(kPartition);
  v1::Source source;
  source.set_name("sources/a");
  source.set_url("http://a.example/feed");
  source.set_paused(true);
  frontier_.SetSources({source}, 1, now_);
  EXPECT_THAT(Take(), IsEmpty());
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
