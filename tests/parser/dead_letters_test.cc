// Dead letters over a broker in memory.
#include "parser/dead_letters.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parser/core/page_outcome.h"
#include "tests/support/fake_kafka.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

constexpr int kPartitions = 3;

class DeadLettersTest : public ::testing::Test {
 protected:
  DeadLettersTest() {
    broker_.CreateTopic(topics_.pages, 2);
    broker_.CreateTopic(topics_.dead_letters, kPartitions);
  }

  // The page at URL `number` failed at second `number`, to the partition that
  // the number says.
  void AddLetter(int number, v1::DeadLetterReason reason, int attempt = 1,
                 const std::string& host = "news.example") {
    kafka::Record page;
    page.partition = {topics_.pages, 1};
    page.offset = number;
    page.key = absl::StrCat("key-", number);
    page.value = absl::StrCat("page-", number);
    page.headers = {
        {"ce_id", absl::StrCat(number)},
        {"dateline-dead-letter-attempt", absl::StrCat(attempt - 1)}};
    PageVerdict verdict;
    verdict.reason = reason;
    verdict.message = "a sentence";
    verdict.url = absl::StrCat("https://", host, "/", number);
    kafka::OutgoingRecord letter =
        OutcomeOf(page, verdict, topics_, absl::FromUnixSeconds(number)).record;
    letter.partition = number % kPartitions;
    broker_.Append(letter);
  }

  std::vector<int64_t> Offsets(const v1::ListDeadLettersResponse& response) {
    std::vector<int64_t> offsets;
    for (const v1::DeadLetter& letter : response.dead_letters()) {
      offsets.push_back(letter.offset());
    }
    return offsets;
  }

  v1::ListDeadLettersResponse List(const v1::ListDeadLettersRequest& request) {
    const auto response = letters_.List(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : v1::ListDeadLettersResponse();
  }

  v1::RedriveDeadLettersResponse Redrive(
      const v1::RedriveDeadLettersRequest& request) {
    const auto response = letters_.Redrive(request);
    EXPECT_TRUE(response.ok()) << response.status();
    return response.ok() ? *response : v1::RedriveDeadLettersResponse();
  }

  const TopicNames topics_{"dateline."};
  kafka::FakeBroker broker_;
  DeadLetters letters_{
      {[this] { return std::make_unique<kafka::FakeConsumer>(&broker_); },
       [this] {
         return std::make_unique<kafka::FakeTransactionalProducer>(&broker_);
       }},
      topics_};
};

TEST_F(DeadLettersTest, ListsNewestFirstPageByPage) {
  constexpr int kLetters = 1000;
  for (int i = 0; i < kLetters; ++i) {
    AddLetter(i, v1::DEAD_LETTER_REASON_NO_ARTICLE);
  }
  v1::ListDeadLettersRequest request;
  request.set_page_size(70);
  std::vector<int64_t> seen;
  do {
    const v1::ListDeadLettersResponse response = List(request);
    for (const int64_t offset : Offsets(response)) seen.push_back(offset);
    request.set_page_token(response.next_page_token());
  } while (!request.page_token().empty());
  ASSERT_EQ(seen.size(), static_cast<size_t>(kLetters));
  for (int i = 0; i < kLetters; ++i) {
    ASSERT_EQ(seen[static_cast<size_t>(i)], kLetters - 1 - i);
  }
}

TEST_F(DeadLettersTest, SelectsByReasonHostAndTime) {
  for (int i = 0; i < 10; ++i) {
    AddLetter(i,
              i % 2 == 0 ? v1::DEAD_LETTER_REASON_CRASHED
                         : v1::DEAD_LETTER_REASON_NO_ARTICLE,
              1, i < 7 ? "news.example" : "other.example");
  }
  v1::ListDeadLettersRequest request;
  request.mutable_selection()->set_reason(v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_THAT(Offsets(List(request)), ElementsAre(8, 6, 4, 2, 0));
  request.mutable_selection()->set_host("News.Example");
  EXPECT_THAT(Offsets(List(request)), ElementsAre(6, 4, 2, 0));
  request.mutable_selection()->mutable_start_time()->set_seconds(2);
  request.mutable_selection()->mutable_end_time()->set_seconds(6);
  EXPECT_THAT(Offsets(List(request)), ElementsAre(4, 2));
}

TEST_F(DeadLettersTest, RefusesATokenOfAnotherSelectionOrNobodys) {
  for (int i = 0; i < 5; ++i) AddLetter(i, v1::DEAD_LETTER_REASON_NO_ARTICLE);
  v1::ListDeadLettersRequest request;
  request.set_page_size(1);
  request.set_page_token(List(request).next_page_token());
  request.mutable_selection()->set_host("news.example");
  EXPECT_THAT(std::string(letters_.List(request).status().message()),
              HasSubstr("another selection"));
  for (const char* token : {"*", "AAAA", "bm8"}) {
    request.set_page_token(token);
    EXPECT_EQ(letters_.List(request).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(DeadLettersTest, GetsALetterWithItsValue) {
  for (int i = 0; i < 5; ++i) AddLetter(i, v1::DEAD_LETTER_REASON_CRASHED);
  v1::GetDeadLetterRequest request;
  request.set_name("deadLetters/1-1");
  const auto response = letters_.Get(request);
  ASSERT_TRUE(response.ok()) << response.status();
  const v1::DeadLetter& letter = response->dead_letter();
  EXPECT_EQ(letter.name(), "deadLetters/1-1");
  EXPECT_EQ(letter.topic(), topics_.pages);
  EXPECT_EQ(letter.partition(), 1);
  EXPECT_EQ(letter.offset(), 4);
  EXPECT_EQ(letter.key(), "key-4");
  EXPECT_EQ(letter.value(), "page-4");
  EXPECT_EQ(letter.reason(), v1::DEAD_LETTER_REASON_CRASHED);
  EXPECT_EQ(letter.message(), "a sentence");
  EXPECT_EQ(letter.attempt(), 1);
  EXPECT_EQ(letter.create_time().seconds(), 4);
}

TEST_F(DeadLettersTest, SaysThatALetterIsNotThere) {
  AddLetter(0, v1::DEAD_LETTER_REASON_CRASHED);
  v1::GetDeadLetterRequest request;
  for (const char* name : {"deadLetters/0-1", "deadLetters/9-0"}) {
    request.set_name(name);
    EXPECT_EQ(letters_.Get(request).status().code(),
              absl::StatusCode::kNotFound);
  }
  for (const char* name : {"", "deadLetters/", "deadLetters/0-x", "a/0-0"}) {
    request.set_name(name);
    EXPECT_EQ(letters_.Get(request).status().code(),
              absl::StatusCode::kInvalidArgument);
  }
}

TEST_F(DeadLettersTest, PutsEachLetterBackOnce) {
  for (int i = 0; i < 6; ++i) {
    AddLetter(i, i < 4 ? v1::DEAD_LETTER_REASON_CRASHED
                       : v1::DEAD_LETTER_REASON_NO_ARTICLE);
  }
  v1::RedriveDeadLettersRequest request;
  request.mutable_selection()->set_reason(v1::DEAD_LETTER_REASON_CRASHED);
  request.set_dry_run(true);
  v1::RedriveDeadLettersResponse response = Redrive(request);
  EXPECT_EQ(response.selected(), 4);
  EXPECT_EQ(response.redriven(), 0);
  EXPECT_THAT(broker_.Records(topics_.pages), IsEmpty());
  request.set_dry_run(false);
  response = Redrive(request);
  EXPECT_EQ(response.selected(), 4);
  EXPECT_EQ(response.redriven(), 4);
  EXPECT_EQ(response.left(), 0);
  ASSERT_EQ(broker_.Records(topics_.pages).size(), 4u);
  for (const kafka::Record& page : broker_.Records(topics_.pages)) {
    EXPECT_EQ(page.value, absl::StrCat("page-", page.key.substr(4)));
    EXPECT_THAT(
        page.headers,
        ElementsAre(kafka::Header{"ce_id", page.key.substr(4)},
                    kafka::Header{"dateline-dead-letter-attempt", "1"}));
  }
  response = Redrive(request);
  EXPECT_EQ(response.selected(), 4);
  EXPECT_EQ(response.redriven(), 0);
  EXPECT_EQ(response.left(), 4);
  EXPECT_EQ(broker_.Records(topics_.pages).size(), 4u);
  // Marks and claims are no letters.
  EXPECT_EQ(List({}).dead_letters_size(), 6);
}

TEST_F(DeadLettersTest, LeavesAPageThatFailedAgain) {
  AddLetter(0, v1::DEAD_LETTER_REASON_CRASHED, 2);
  AddLetter(1, v1::DEAD_LETTER_REASON_CRASHED, 1);
  const v1::RedriveDeadLettersResponse response = Redrive({});
  EXPECT_EQ(response.selected(), 2);
  EXPECT_EQ(response.redriven(), 1);
  EXPECT_EQ(response.left(), 1);
  ASSERT_EQ(broker_.Records(topics_.pages).size(), 1u);
  EXPECT_EQ(broker_.Records(topics_.pages)[0].key, "key-1");
}

TEST_F(DeadLettersTest, LeavesWhatIsNoPageOfOurs) {
  broker_.Append({topics_.dead_letters,
                  0,
                  "k",
                  "v",
                  {{"dateline-dead-letter-reason", "crashed"},
                   {"dateline-dead-letter-topic", "someone-elses"}}});
  broker_.Append({topics_.dead_letters, 1, "k", "anything", {}});
  const v1::RedriveDeadLettersResponse response = Redrive({});
  EXPECT_EQ(response.selected(), 1);
  EXPECT_EQ(response.left(), 1);
}

}  // namespace
}  // namespace dateline
