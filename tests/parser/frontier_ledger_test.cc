#include "parser/ledger/frontier_ledger.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/url.h"
#include "dateline/v1/frontier.pb.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kFetched = absl::FromUnixSeconds(1'700'000'000);
constexpr char kUrl[] = "https://news.example/1";

kafka::Record RecordOf(const std::string& key,
                       std::optional<std::string> value = std::nullopt) {
  kafka::Record record;
  record.key = key;
  record.value = std::move(value);
  return record;
}

class FrontierLedgerTest : public ::testing::Test {
 protected:
  void AddEntry(const std::string& url, v1::FetchOutcome outcome, bool has_next,
                v1::FetchPurpose purpose = v1::FETCH_PURPOSE_PAGE) {
    v1::FrontierRecord record;
    v1::UrlEntry& entry = *record.mutable_url();
    entry.set_url(url);
    entry.set_purpose(purpose);
    entry.set_last_outcome(outcome);
    if (outcome != v1::FETCH_OUTCOME_UNSPECIFIED) {
      entry.mutable_last_fetch_time()->set_seconds(
          absl::ToUnixSeconds(kFetched));
    }
    if (has_next) entry.mutable_next_fetch_time()->set_seconds(1);
    ledger_.AddFrontier(RecordOf(url, record.SerializeAsString()));
  }

  void Submit(const std::string& url) {
    v1::FrontierRecord record;
    record.mutable_submission()->set_url(url);
    ledger_.AddFrontier(
        RecordOf(absl::StrCat("submit/", url), record.SerializeAsString()));
  }

  void Delete(const std::string& key) { ledger_.AddFrontier(RecordOf(key)); }

  FrontierBalance Close(absl::Time pages_since = absl::InfinitePast()) {
    return ledger_.Close(pages_since);
  }

  FrontierLedger ledger_;
};

TEST_F(FrontierLedgerTest, CountsEachUrlAsOutcomeOrInFlight) {
  AddEntry(kUrl, v1::FETCH_OUTCOME_SKIPPED, false);
  AddEntry("https://news.example/2", v1::FETCH_OUTCOME_UNSPECIFIED, true);
  Submit("https://news.example/3");
  AddEntry("https://news.example/4", v1::FETCH_OUTCOME_FAILED, true);
  Submit("https://news.example/4");
  AddEntry("https://news.example/feed", v1::FETCH_OUTCOME_UNSPECIFIED, false,
           v1::FETCH_PURPOSE_SOURCE);
  const FrontierBalance balance = Close();
  EXPECT_EQ(balance.urls, 4);
  EXPECT_EQ(balance.outcomes, 2);
  EXPECT_EQ(balance.in_flight, 2);
  EXPECT_TRUE(balance.balanced());
}

TEST_F(FrontierLedgerTest, NamesAUrlThatIsNeitherFetchedNorToBe) {
  AddEntry(kUrl, v1::FETCH_OUTCOME_UNSPECIFIED, false);
  const FrontierBalance balance = Close();
  EXPECT_EQ(balance.lost, 1);
  EXPECT_FALSE(balance.balanced());
  EXPECT_THAT(balance.findings, ElementsAre(UrlFinding{kUrl, "lost"}));
}

TEST_F(FrontierLedgerTest, NamesAUrlThatIsFetchedButWhosePageIsMissing) {
  AddEntry(kUrl, v1::FETCH_OUTCOME_FETCHED, false);
  EXPECT_THAT(Close().findings, ElementsAre(UrlFinding{kUrl, "page_missing"}));
  // It may be gone for its age.
  EXPECT_TRUE(Close(kFetched + absl::Seconds(1)).balanced());
  ledger_.AddPage(PageUid(kUrl));
  EXPECT_THAT(Close().findings, IsEmpty());
}

TEST_F(FrontierLedgerTest, ASubmissionThatIsTakenUpIsItsEntry) {
  Submit(kUrl);
  AddEntry(kUrl, v1::FETCH_OUTCOME_REFUSED, false);
  Delete(absl::StrCat("submit/", kUrl));
  EXPECT_EQ(Close().urls, 1);
  EXPECT_EQ(Close().outcomes, 1);
}

TEST_F(FrontierLedgerTest, ForgetsWhatIsDeleted) {
  Submit(kUrl);
  Delete(absl::StrCat("submit/", kUrl));
  EXPECT_EQ(Close().urls, 0);
  AddEntry(kUrl, v1::FETCH_OUTCOME_FAILED, true);
  Delete(kUrl);
  EXPECT_EQ(Close().urls, 0);
}

TEST_F(FrontierLedgerTest, PassesOverWhatItCanNotRead) {
  ledger_.AddFrontier(RecordOf("x", "\xff no record"));
  EXPECT_EQ(Close().urls, 0);
}

}  // namespace
}  // namespace dateline
