#include "store/article_deleter.h"

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <utility>

#include "absl/synchronization/notification.h"
#include "tests/store/test_articles.h"

namespace dateline::store {
namespace {

// Confirms when it is told to.
class HeldProducer final : public kafka::Producer {
 public:
  void Send(kafka::OutgoingRecord record, Confirmation confirm) override {
    record_ = std::move(record);
    confirm_ = std::move(confirm);
    sent_.Notify();
  }
  ~HeldProducer() override {
    if (confirm_) confirm_(absl::CancelledError("the producer is gone"));
  }

  void Confirm(absl::Status status) {
    sent_.WaitForNotification();
    std::exchange(confirm_, nullptr)(std::move(status));
  }
  const kafka::OutgoingRecord& record() const { return record_; }

 private:
  absl::Notification sent_;
  kafka::OutgoingRecord record_;
  Confirmation confirm_;
};

class ArticleDeleterTest : public ::testing::Test {
 protected:
  void Make(absl::Duration patience) {
    auto producer = std::make_unique<HeldProducer>();
    producer_ = producer.get();
    deleter_ =
        std::make_unique<ArticleDeleter>(std::move(producer), kTopic, patience);
    deleter_->Delete("u", [this](absl::Status status) {
      status_ = std::move(status);
      done_.Notify();
    });
  }
  absl::Status Wait() {
    done_.WaitForNotification();
    return status_;
  }
  void Apply(const std::string& uid) {
    deleter_->OnApplied({.changes = {Tombstone(uid, 0)}});
  }

  absl::Notification done_;
  absl::Status status_;
  HeldProducer* producer_ = nullptr;
  std::unique_ptr<ArticleDeleter> deleter_;
};

TEST_F(ArticleDeleterTest, AnswersOnceTheStoreHasForgottenTheArticle) {
  Make(absl::InfiniteDuration());
  EXPECT_EQ(producer_->record().topic, kTopic);
  EXPECT_EQ(producer_->record().key, "u");
  producer_->Confirm(absl::OkStatus());
  Apply("other");
  EXPECT_FALSE(done_.HasBeenNotified());
  Apply("u");
  EXPECT_TRUE(Wait().ok());
}

TEST_F(ArticleDeleterTest, DoesNotMindThatTheStoreIsQuickerThanTheBroker) {
  Make(absl::InfiniteDuration());
  Apply("u");
  EXPECT_FALSE(done_.HasBeenNotified());
  producer_->Confirm(absl::OkStatus());
  EXPECT_TRUE(Wait().ok());
}

TEST_F(ArticleDeleterTest, DoesNotWaitForASlowStoreForEver) {
  Make(absl::Milliseconds(1));
  producer_->Confirm(absl::OkStatus());
  EXPECT_TRUE(Wait().ok());
}

TEST_F(ArticleDeleterTest, TellsTheProducersError) {
  Make(absl::InfiniteDuration());
  producer_->Confirm(absl::UnavailableError("no broker"));
  EXPECT_EQ(Wait(), absl::UnavailableError("no broker"));
}

TEST_F(ArticleDeleterTest, EndsWhatIsOpenWhenItStops) {
  Make(absl::InfiniteDuration());
  deleter_.reset();
  EXPECT_TRUE(absl::IsCancelled(Wait()));
}

}  // namespace
}  // namespace dateline::store
