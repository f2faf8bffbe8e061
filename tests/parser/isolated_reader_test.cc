// Pages in processes of their own. The test program is its own page worker.
#include "parser/isolation/isolated_reader.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <atomic>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "parser/isolation/page_worker.h"
#include "parser/isolation/sandbox.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

using ::testing::HasSubstr;

const absl::Time kNow = absl::FromUnixSeconds(1'700'000'000);

PageTask TaskOfPage(const std::string& text, bool explain = false) {
  v1::RawPage page =
      PageOf("https://news.example/story", "text/html",
             Html(absl::StrCat("<article><h1>Report</h1>", Paragraphs(3), "<p>",
                               text, "</p></article>")));
  PageTask task;
  task.raw_page = std::make_shared<const std::string>(page.SerializeAsString());
  task.place = PagePlace{"pages", 3, 41};
  task.now = kNow;
  task.explain = explain;
  return task;
}

PageTask Poison(const std::string& what) {
  return TaskOfPage(absl::StrCat("dateline-test-poison:", what));
}

class IsolatedReaderTest : public ::testing::Test {
 protected:
  IsolatedReaderTest() {
    options_.test_poison = true;
    options_.budget.cpu = absl::Milliseconds(500);
    options_.budget.wall = absl::Seconds(2);
  }

  PageVerdict Read(PageTask task) {
    if (reader_ == nullptr) {
      auto reader = IsolatedReader::Create(options_, metrics_);
      EXPECT_TRUE(reader.ok()) << reader.status();
      reader_ = *std::move(reader);
    }
    return ReadAndWait(*reader_, std::move(task));
  }

  double Restarts() {
    return metrics_.Counter("dateline_parser_worker_restarts_total", "")
        .Value();
  }

  Metrics metrics_;
  IsolationOptions options_;
  std::unique_ptr<IsolatedReader> reader_;
};

TEST_F(IsolatedReaderTest, GivesTheVerdictThatThisProcessWould) {
  for (const bool explain : {false, true}) {
    const PageTask task = TaskOfPage("More of it.", explain);
    EXPECT_EQ(Read(task), JudgePage(task));
  }
  PageTask image = TaskOfPage("");
  image.raw_page = std::make_shared<const std::string>(
      PageOf("https://news.example/a.png", "image/png", "\x89PNG")
          .SerializeAsString());
  EXPECT_EQ(Read(image), JudgePage(image));
  PageTask none;
  none.place = PagePlace{"pages", 0, 1};
  EXPECT_EQ(Read(none), JudgePage(none));
  EXPECT_EQ(Restarts(), 0);
}

TEST_F(IsolatedReaderTest, ReadsByTheSitesRules) {
  options_.rules = {{"news.textproto",
                     "domains: \"news.example\" headline: \"h1\" "
                     "body: \"article\""}};
  const auto rules = SiteRules::Compile(options_.rules);
  ASSERT_TRUE(rules.ok()) << rules.status();
  const PageTask task = TaskOfPage("More of it.");
  EXPECT_EQ(Read(task), JudgePage(task, &*rules));
}

TEST_F(IsolatedReaderTest, GoesOnBehindAPageThatCrashes) {
  const PageVerdict verdict = Read(Poison("crash"));
  EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_FALSE(verdict.has_article());
  EXPECT_NE(verdict.message, "");
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
}

TEST_F(IsolatedReaderTest, TriesAPageAgainAloneBeforeItBlamesIt) {
  options_.workers = 1;
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
  EXPECT_EQ(Read(Poison("crash")).reason, v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_EQ(Restarts(), 2);
}

TEST_F(IsolatedReaderTest, EndsAPageThatComputesForEver) {
  options_.budget.wall = absl::Minutes(2);
  const PageVerdict verdict = Read(Poison("hang"));
  EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_TIMED_OUT);
  EXPECT_THAT(verdict.message, HasSubstr("CPU"));
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
}

TEST_F(IsolatedReaderTest, NoPageWaitsForOneThatCan) {
  options_.workers = 1;
  options_.budget.wall = absl::Minutes(2);
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
  std::atomic<int> patient = 0;
  for (int i = 0; i < 20; ++i) {
    PageTask task = Poison("sleep");
    task.can_wait = true;
    reader_->Read(std::move(task), [&patient](PageVerdict) { ++patient; });
  }
  for (int i = 0; i < 20; ++i) {
    EXPECT_TRUE(Read(TaskOfPage("")).has_article());
  }
  EXPECT_EQ(patient, 0);
  reader_.reset();
}

TEST_F(IsolatedReaderTest, EndsAPageThatWaitsForEver) {
  options_.budget.wall = absl::Milliseconds(300);
  const PageVerdict verdict = Read(Poison("sleep"));
  EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_TIMED_OUT);
  EXPECT_THAT(verdict.message, HasSubstr("300ms"));
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
}

TEST_F(IsolatedReaderTest, EndsAPageThatTakesTooMuchMemory) {
  if (!CanBeLimited()) GTEST_SKIP() << "no limits under sanitizers";
  options_.budget.cpu = absl::Seconds(20);
  const PageVerdict verdict = Read(Poison("memory"));
  EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_OUT_OF_MEMORY);
  EXPECT_TRUE(Read(TaskOfPage("")).has_article());
}

TEST_F(IsolatedReaderTest, LeavesAPageNoNetworkAndNoFiles) {
  if (!CanBeLimited()) GTEST_SKIP() << "no filter under sanitizers";
  const PageVerdict verdict = Read(Poison("socket"));
  EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_THAT(verdict.message, HasSubstr("SIGSYS"));
  EXPECT_TRUE(Read(Poison("file")).has_article());
}

TEST_F(IsolatedReaderTest, PoisonIsJustTextWhereItWasNotAskedFor) {
  options_.test_poison = false;
  EXPECT_TRUE(Read(Poison("crash")).has_article());
}

// Pages sent ahead to a worker that is busy with a slow one, or that dies, go
// to others.
TEST_F(IsolatedReaderTest, EachOfManyPagesGetsItsOwnVerdict) {
  (void)Read(TaskOfPage(""));
  constexpr int kPages = 300;
  std::vector<PageVerdict> verdicts(kPages);
  absl::BlockingCounter left(kPages);
  const auto poison_of = [](int i) {
    return i % 100 == 50 ? "crash" : i % 100 == 70 ? "slow" : "";
  };
  for (int i = 0; i < kPages; ++i) {
    const std::string poison = poison_of(i);
    reader_->Read(TaskOfPage(poison.empty()
                                 ? absl::StrCat("Number ", i, ".")
                                 : absl::StrCat("dateline-test-poison:", poison,
                                                " Number ", i, ".")),
                  [&verdicts, &left, i](PageVerdict verdict) {
                    verdicts[static_cast<size_t>(i)] = std::move(verdict);
                    left.DecrementCount();
                  });
  }
  left.Wait();
  for (int i = 0; i < kPages; ++i) {
    const PageVerdict& verdict = verdicts[static_cast<size_t>(i)];
    if (std::string(poison_of(i)) == "crash") {
      EXPECT_EQ(verdict.reason, v1::DEAD_LETTER_REASON_CRASHED) << i;
    } else {
      EXPECT_THAT(verdict.article, HasSubstr(absl::StrCat("Number ", i, ".")));
    }
  }
}

TEST_F(IsolatedReaderTest, TakesLargePages) {
  // Sanitized builds take longer; here it is not about the time.
  options_.budget.cpu = absl::Minutes(1);
  options_.budget.wall = absl::Minutes(1);
  const PageTask task = TaskOfPage(std::string(size_t{9} << 20, 'x'));
  EXPECT_EQ(Read(task), JudgePage(task));
}

TEST_F(IsolatedReaderTest, SaysWhatIsMissingAtTheStart) {
  options_.program = "/no/such/program";
  const auto reader = IsolatedReader::Create(options_, metrics_);
  ASSERT_FALSE(reader.ok());
  EXPECT_THAT(std::string(reader.status().message()),
              HasSubstr("/no/such/program"));
}

TEST(VerdictOf, TellsTheKernelsKillFromAnother) {
  const PageBudget budget;
  EXPECT_EQ(VerdictOf({.wait_status = SIGKILL}, budget).reason,
            v1::DEAD_LETTER_REASON_OUT_OF_MEMORY);
  EXPECT_TRUE(DeservesAnotherTry({.wait_status = SIGKILL}, false));
  EXPECT_EQ(VerdictOf({.breach = Breach::kCpu, .wait_status = SIGKILL}, budget)
                .reason,
            v1::DEAD_LETTER_REASON_TIMED_OUT);
  EXPECT_FALSE(DeservesAnotherTry(
      {.breach = Breach::kCpu, .wait_status = SIGKILL}, true));
}

TEST(VerdictOf, TakesADeathAtTheLimitForAWantOfMemory) {
  const PageBudget budget;
  EXPECT_EQ(VerdictOf({.wait_status = SIGSEGV,
                       .grown_bytes = budget.memory_bytes - 1},
                      budget)
                .reason,
            v1::DEAD_LETTER_REASON_OUT_OF_MEMORY);
  EXPECT_EQ(VerdictOf({.wait_status = SIGSEGV}, budget).reason,
            v1::DEAD_LETTER_REASON_CRASHED);
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  if (dateline::IsPageWorker(argc, argv)) return dateline::RunPageWorker();
  ::testing::InitGoogleMock(&argc, argv);
  return RUN_ALL_TESTS();
}
