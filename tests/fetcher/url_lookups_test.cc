#include "fetcher/url_lookups.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace dateline::fetcher {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

// One of three partitions, named by a URL's last digit.
class FakeFrontier final : public UrlLookups::Frontier {
 public:
  absl::StatusOr<v1::UrlEntry> Find(absl::string_view url) const override {
    if (!owned) return absl::UnavailableError("another replica's");
    if (known.count(std::string(url)) == 0) return absl::NotFoundError(url);
    v1::UrlEntry entry;
    entry.set_url(std::string(url));
    return entry;
  }
  int32_t PartitionOf(absl::string_view url) const override {
    return url.back() - '0';
  }
  int64_t ReadTo(int32_t partition) const override {
    return read_to.at(partition);
  }
  std::map<int32_t, int64_t> WrittenEnds(
      const std::set<int32_t>& partitions) override {
    if (meanwhile) meanwhile();
    std::map<int32_t, int64_t> found;
    for (const int32_t partition : partitions) {
      asked.push_back(partition);
      const auto end = ends.find(partition);
      if (end != ends.end()) found.insert(*end);
    }
    return found;
  }

  bool owned = true;
  std::set<std::string> known;
  std::map<int32_t, int64_t> read_to = {{0, 0}, {1, 0}, {2, 0}};
  std::map<int32_t, int64_t> ends;
  std::vector<int32_t> asked;
  // Called while the broker is asked.
  std::function<void()> meanwhile;
};

class UrlLookupsTest : public ::testing::Test {
 protected:
  // The code of the answer, once there is one.
  using Code = std::optional<absl::StatusCode>;

  void Ask(const std::string& url, Code& code) {
    lookups_.Add(url, start_ + absl::Seconds(5),
                 [&code](const absl::StatusOr<v1::UrlEntry>& entry) {
                   EXPECT_EQ(code, std::nullopt) << "answered twice";
                   code = entry.status().code();
                 });
  }
  void AnswerAt(absl::Duration after) {
    lookups_.Answer(frontier_, start_ + after);
  }

  const absl::Time start_ = absl::FromUnixSeconds(1'700'000'000);
  FakeFrontier frontier_;
  UrlLookups lookups_;
};

TEST_F(UrlLookupsTest, WaitsUntilAllThatStoodInThePartitionIsRead) {
  frontier_.ends = {{1, 7}};
  frontier_.read_to[1] = 6;
  Code code;
  Ask("http://a.example/1", code);
  AnswerAt(absl::ZeroDuration());
  EXPECT_EQ(code, std::nullopt);
  // What is written after the question doesn't delay the answer.
  frontier_.ends = {{1, 9}};
  frontier_.read_to[1] = 7;
  AnswerAt(absl::ZeroDuration());
  EXPECT_THAT(code, Optional(absl::StatusCode::kNotFound));
  EXPECT_THAT(frontier_.asked, ElementsAre(1));
}

TEST_F(UrlLookupsTest, AnswersAsSoonAsTheUrlIsKnown) {
  frontier_.ends = {{1, 7}};
  Code code;
  Ask("http://a.example/1", code);
  AnswerAt(absl::ZeroDuration());
  EXPECT_EQ(code, std::nullopt);
  frontier_.known.insert("http://a.example/1");
  AnswerAt(absl::ZeroDuration());
  EXPECT_THAT(code, Optional(absl::StatusCode::kOk));
}

TEST_F(UrlLookupsTest, AsksOnceForPartitionsOfWhichAnEndIsMissing) {
  frontier_.ends = {{1, 7}};
  Code first, second, third;
  Ask("http://a.example/1", first);
  Ask("http://b.example/1", second);
  Ask("http://c.example/2", third);
  AnswerAt(absl::ZeroDuration());
  AnswerAt(absl::ZeroDuration());
  EXPECT_THAT(frontier_.asked, ElementsAre(1, 2, 2));
  // An end that is not to be had is none that was reached.
  EXPECT_EQ(third, std::nullopt);
  lookups_.Close();
}

TEST_F(UrlLookupsTest, DoesNotSayNeverTakenWhereTimeWasTooShortToKnow) {
  frontier_.ends = {{1, 7}};
  Code code;
  Ask("http://a.example/1", code);
  AnswerAt(absl::Seconds(4));
  EXPECT_EQ(code, std::nullopt);
  AnswerAt(absl::Seconds(5));
  EXPECT_THAT(code, Optional(absl::StatusCode::kUnavailable));
}

TEST_F(UrlLookupsTest, PassesOnThatThePartitionIsAnothers) {
  Code code;
  Ask("http://a.example/1", code);
  frontier_.owned = false;
  AnswerAt(absl::ZeroDuration());
  EXPECT_THAT(code, Optional(absl::StatusCode::kUnavailable));
  EXPECT_THAT(frontier_.asked, IsEmpty());
}

TEST_F(UrlLookupsTest, ClosedItLeavesNoQuestionOpen) {
  Code before, after;
  Ask("http://a.example/1", before);
  lookups_.Close();
  EXPECT_THAT(before, Optional(absl::StatusCode::kUnavailable));
  Ask("http://a.example/1", after);
  EXPECT_THAT(after, Optional(absl::StatusCode::kUnavailable));
}

TEST_F(UrlLookupsTest, ClosedAmidAnAnswerItLeavesNoQuestionOpen) {
  Code code;
  Ask("http://a.example/1", code);
  frontier_.meanwhile = [this] { lookups_.Close(); };
  AnswerAt(absl::ZeroDuration());
  EXPECT_THAT(code, Optional(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace dateline::fetcher
