#include "fetcher/core/feed_pace.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "fetcher/core/feed.h"
#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

FeedPace PaceOf(const std::string& body) {
  const absl::StatusOr<Feed> feed =
      ParseFeed(body, "https://news.example/feed", "");
  EXPECT_TRUE(feed.ok()) << feed.status();
  return feed.ok() ? feed->pace : FeedPace();
}

FeedPace Rss(const std::string& channel) {
  return PaceOf(absl::StrCat(
      "<rss xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>",
      channel, "</channel></rss>"));
}

TEST(FeedPaceTest, ReadsTtlInMinutes) {
  EXPECT_EQ(Rss("<ttl> 60 </ttl>").interval, absl::Hours(1));
  EXPECT_EQ(Rss("<ttl>100000</ttl>").interval, absl::Hours(24));
  for (const char* none : {"", "<ttl/>", "<ttl>-5</ttl>", "<ttl>soon</ttl>",
                           "<ttl>0</ttl>", "<item><ttl>60</ttl></item>"}) {
    EXPECT_EQ(Rss(none).interval, absl::ZeroDuration()) << none;
  }
}

TEST(FeedPaceTest, ReadsTheSyndicationModule) {
  EXPECT_EQ(Rss("<sy:updatePeriod>hourly</sy:updatePeriod>"
                "<sy:updateFrequency>4</sy:updateFrequency>")
                .interval,
            absl::Minutes(15));
  EXPECT_EQ(Rss("<sy:updatePeriod>\n\thourly\t</sy:updatePeriod>").interval,
            absl::Hours(1));
  EXPECT_EQ(Rss("<sy:updateFrequency>2</sy:updateFrequency>").interval,
            absl::Hours(12));
  EXPECT_EQ(Rss("<sy:updatePeriod>weekly</sy:updatePeriod>").interval,
            absl::Hours(24));
  EXPECT_EQ(Rss("<sy:updatePeriod>often</sy:updatePeriod>").interval,
            absl::ZeroDuration());
  EXPECT_EQ(Rss("<sy:updatePeriod>hourly</sy:updatePeriod>"
                "<sy:updateFrequency>0</sy:updateFrequency>")
                .interval,
            absl::Hours(1));
  EXPECT_EQ(
      Rss("<sy:updatePeriod>hourly</sy:updatePeriod><ttl>90</ttl>").interval,
      absl::Minutes(90));
  EXPECT_EQ(PaceOf("<feed xmlns='http://www.w3.org/2005/Atom' "
                   "xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'>"
                   "<sy:updatePeriod>hourly</sy:updatePeriod></feed>")
                .interval,
            absl::Hours(1));
}

TEST(FeedPaceTest, ReadsHoursAndDaysToSkip) {
  const FeedPace pace =
      Rss("<skipHours><hour>0</hour><hour>23</hour><hour>25</hour>"
          "<hour>x</hour></skipHours>"
          "<skipDays><day>Sunday</day><day> saturday </day><day>Caturday</day>"
          "</skipDays>");
  EXPECT_EQ(pace.skip_hours, 1U | 1U << 23);
  EXPECT_EQ(pace.skip_days, 1U | 1U << 6);
  EXPECT_EQ(Rss("<skipHours><hour>24</hour></skipHours>").skip_hours, 1U);
}

}  // namespace
}  // namespace dateline::fetcher
