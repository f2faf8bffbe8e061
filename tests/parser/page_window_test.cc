#include "parser/core/page_window.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<int64_t> TakeAll(PageWindow& window) {
  std::vector<int64_t> taken;
  while (const auto offset = window.TakeNext()) taken.push_back(*offset);
  return taken;
}

void AdmitAll(PageWindow& window,
              const std::vector<std::pair<int64_t, std::string>>& pages) {
  for (const auto& [offset, key] : pages) {
    EXPECT_TRUE(window.Admit(offset, key)) << offset;
  }
}

TEST(PageWindow, CommitsBehindWhatIsWritten) {
  PageWindow window;
  EXPECT_EQ(window.Mark(), std::nullopt);
  AdmitAll(window, {{5, "a"}, {6, "b"}});
  EXPECT_EQ(window.Mark(), (WindowMark{5, ""}));
  window.Finish(5);
  window.Finish(6);
  EXPECT_EQ(window.ready(), 2u);
  EXPECT_THAT(TakeAll(window), ElementsAre(5, 6));
  EXPECT_EQ(window.Mark(), (WindowMark{7, ""}));
  EXPECT_EQ(window.open(), 0u);
}

TEST(PageWindow, GivesOutOtherKeysBehindASlowPage) {
  PageWindow window;
  AdmitAll(window, {{0, "slow"}, {1, "a"}, {2, "slow"}, {3, "b"}});
  for (const int64_t offset : {1, 2, 3}) window.Finish(offset);
  EXPECT_THAT(TakeAll(window), ElementsAre(1, 3));
  EXPECT_EQ(window.Mark()->offset, 0);
  EXPECT_NE(window.Mark()->done, "");
  window.Finish(0);
  EXPECT_THAT(TakeAll(window), ElementsAre(0, 2));
  EXPECT_EQ(window.Mark(), (WindowMark{4, ""}));
}

TEST(PageWindow, PassesOverWhatWasWrittenBeforeTheMark) {
  PageWindow first;
  AdmitAll(first, {{10, "slow"}, {11, "a"}, {14, "b"}, {15, "c"}});
  first.Finish(11);
  first.Finish(14);
  EXPECT_THAT(TakeAll(first), ElementsAre(11, 14));
  PageWindow second = PageWindow::Resume(*first.Mark());
  EXPECT_TRUE(second.Admit(10, "slow"));
  EXPECT_FALSE(second.Admit(11, "a"));
  EXPECT_FALSE(second.Admit(14, "b"));
  EXPECT_TRUE(second.Admit(15, "c"));
  // A mark of a mark still has it.
  EXPECT_FALSE(PageWindow::Resume(*second.Mark()).Admit(14, "b"));
}

TEST(PageWindow, TakesAMarkItCanNotReadForNone) {
  PageWindow window = PageWindow::Resume({3, "done:*"});
  EXPECT_TRUE(window.Admit(3, "a"));
  EXPECT_TRUE(window.Admit(4, "b"));
  PageWindow other = PageWindow::Resume({3, "written by something else"});
  EXPECT_EQ(other.Mark(), (WindowMark{3, ""}));
}

TEST(PageWindow, ForgetsTheMarkWhereThePartitionBeginsAnew) {
  PageWindow first;
  AdmitAll(first, {{10, "slow"}, {11, "a"}});
  first.Finish(11);
  TakeAll(first);
  PageWindow second = PageWindow::Resume(*first.Mark());
  EXPECT_FALSE(second.IsBehind(0));
  EXPECT_TRUE(second.Admit(0, "a"));
  EXPECT_TRUE(second.IsBehind(0));
  EXPECT_TRUE(second.Admit(11, "b"));
}

TEST(PageWindow, IgnoresPagesThatAreNotInIt) {
  PageWindow window;
  window.Finish(3);
  AdmitAll(window, {{4, "a"}});
  window.Finish(3);
  EXPECT_EQ(window.ready(), 0u);
}

TEST(PageWindow, StopsAtTheWidthAMarkCanTell) {
  PageWindow window;
  const int64_t behind = PageWindow::kMaxSpan + 5;
  for (int64_t offset = 0; offset < behind; ++offset) {
    EXPECT_EQ(window.IsWide(), offset >= PageWindow::kMaxSpan);
    ASSERT_TRUE(window.Admit(offset, absl::StrCat(offset)));
    if (offset > 0) window.Finish(offset);
  }
  EXPECT_EQ(TakeAll(window).back(), PageWindow::kMaxSpan - 1);
  EXPECT_EQ(window.ready(), 0u);
  EXPECT_LE(window.Mark()->done.size(), 4096u);
  window.Finish(0);
  EXPECT_EQ(TakeAll(window).back(), behind - 1);
  EXPECT_EQ(window.Mark(), (WindowMark{behind, ""}));
}

// Pages end in any order, transactions fail and windows begin anew at any
// moment: each offset once, each key in order.
TEST(PageWindow, GivesEachPageOnceAndEachKeyInOrderThroughAnything) {
  constexpr int64_t kPages = 300;
  for (unsigned seed = 0; seed < 200; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    const auto key_of = [&](int64_t offset) {
      return absl::StrCat(offset * 7919 % 23);
    };
    WindowMark committed{0, ""};
    std::vector<int64_t> written;
    while (committed.offset < kPages) {
      PageWindow window = PageWindow::Resume(committed);
      std::vector<int64_t> open;
      int64_t next = committed.offset;
      bool fault = false;
      while (!fault && !(next >= kPages && open.empty())) {
        for (size_t i = random() % 40; i > 0 && next < kPages; --i, ++next) {
          if (window.Admit(next, key_of(next))) open.push_back(next);
        }
        std::shuffle(open.begin(), open.end(), random);
        for (size_t i = random() % 10; i > 0 && !open.empty(); --i) {
          window.Finish(open.back());
          open.pop_back();
        }
        const std::vector<int64_t> taken = TakeAll(window);
        fault = random() % 50 == 0;
        if (fault) break;
        committed = *window.Mark();
        written.insert(written.end(), taken.begin(), taken.end());
      }
    }
    std::map<std::string, int64_t> last;
    for (const int64_t offset : written) {
      const auto [seen, is_first] = last.emplace(key_of(offset), offset);
      EXPECT_TRUE(is_first || seen->second < offset);
      seen->second = offset;
    }
    std::sort(written.begin(), written.end());
    EXPECT_EQ(std::adjacent_find(written.begin(), written.end()),
              written.end());
    EXPECT_EQ(written.size(), static_cast<size_t>(kPages));
  }
}

}  // namespace
}  // namespace dateline
