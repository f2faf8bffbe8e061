// The words and times by which live blogs are known and dated.
#include "parser/core/live_words.h"

#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/dates.h"
#include "parser/core/live_time.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;

constexpr char kPage[] = "https://news.example/story";

struct Named {
  const char* url;
  const char* headline;
  bool is_live;
};

TEST(LiveWordsTest, KnowsAddressesAndHeadlinesOfLiveBlogs) {
  for (const Named& page : std::vector<Named>{
           {kPage, "+++ Hochwasser im Liveticker +++", true},
           {kPage, "LIVE: The storm reaches the coast", true},
           {kPage, "Live - the storm hour by hour", true},
           {kPage, "The storm, live", false},
           {kPage, "Как растёт река: Онлайн-трансляция", true},
           {kPage, "ХРОНИКА событий", true},
           {kPage, "Онлайн: наводнение", true},
           {kPage, "Powódź NA ŻYWO", true},
           {kPage, "ŽIVĚ: Povodeň v údolí", true},
           {kPage, "ÉLŐBEN az árvíz", true},
           {kPage, "Επικαιρότητα LIVE: η πλημμύρα", true},
           {kPage, "【速報中】台風が海岸に接近", true},
           {kPage, "مباشر: الفيضان لحظة بلحظة", true},
           {"https://news.example/liveblog/storm", "Storm", true},
           {"https://news.example/sturm-liveticker-12.html", "Sturm", true},
           {"https://news.example/live/storm", "Storm", true},
           {"https://news.example/inondation-en-direct_12", "Crue", true},
           {"https://news.example/la-crecida-en-vivo", "La crecida", true},
           {"https://news.example/la-crecida-en-vivo/", "La crecida", true},
           {"https://news.example/en-vivo/la-crecida", "La crecida", true},
           {"https://news.example/conciertos-en-vivo-en-la-plaza", "Música",
            false},
           {kPage, "Música en vivo en la plaza", false},
           {kPage, "En vivo | La crecida", true},
           {kPage, "La crecida, en vivo", true},
           {kPage, "How to stay alive: four hours on the ice", false},
           {kPage, "They were alive - and nobody knew", false},
           {kPage, "Olive: a fruit and its oil", false},
           {kPage, "Anruf vom Newstickerdienst", false},
           {kPage, "رد غير مباشر من الوزير", false},
           {kPage, "Хроникальный фильм о реке", false},
           {"https://news.example/las-ranas-que-viven-vivas", "Ranas", false},
           {"https://news.example/animales-que-crecen-en-vivos-colores",
            "Colores", false},
           {"https://news.example/olive/storm", "Storm", false},
           {"https://news.example/2026/the-mill", "The mill", false},
       }) {
    EXPECT_EQ(NamesLiveBlog(page.url, page.headline), page.is_live)
        << page.url << " " << page.headline;
  }
}

// An article published and modified at these times (ISO 8601).
v1::Article Between(absl::string_view published, absl::string_view modified) {
  v1::Article article;
  if (const auto time = ReadMachineTime(published)) {
    *article.mutable_publish_time() = *time;
  }
  if (const auto time = ReadMachineTime(modified)) {
    *article.mutable_modified_time() = *time;
  }
  return article;
}

// What DateEntries makes of clocks: "2026-03-10 23:50", with "Z" behind it or
// the offset where that is known; "-" where it names no day.
std::vector<std::string> Dated(const v1::Article& article,
                               const std::vector<std::string>& clocks) {
  std::vector<EntryTime> times;
  for (const std::string& clock : clocks) {
    EntryTime time;
    time.clock = ClockAtStart(clock);
    time.raw = clock;
    times.push_back(time);
  }
  DateEntries(article, &times);
  std::vector<std::string> dated;
  for (const EntryTime& entry : times) {
    if (!entry.time.has_value()) {
      dated.push_back("-");
      continue;
    }
    const v1::ArticleTime& time = *entry.time;
    const absl::Time at = absl::FromUnixSeconds(
        time.time().seconds() + time.offset_minutes() * int64_t{60});
    dated.push_back(absl::StrCat(
        absl::FormatTime("%m-%d %H:%M", at, absl::UTCTimeZone()),
        time.offset_known() ? absl::StrCat(" ", time.offset_minutes()) : ""));
  }
  return dated;
}

TEST(DateEntriesTest, GoesBackFromTheLastChangeAcrossMidnight) {
  EXPECT_THAT(
      Dated(Between("2026-03-09T20:00:00+01:00", "2026-03-10T00:20:00+01:00"),
            {"00:15", "23:40", "22:05"}),
      ElementsAre("03-10 00:15 60", "03-09 23:40 60", "03-09 22:05 60"));
}

TEST(DateEntriesTest, PutsNoEntryBehindTheLastChange) {
  EXPECT_THAT(
      Dated(Between("2026-03-09T20:00:00+01:00", "2026-03-10T00:05:00+01:00"),
            {"23:50", "22:05"}),
      ElementsAre("03-09 23:50 60", "03-09 22:05 60"));
  // A day alone says nothing of the clock.
  EXPECT_THAT(Dated(Between("2026-03-10", ""), {"23:50", "22:05"}),
              ElementsAre("03-10 23:50", "03-10 22:05"));
}

TEST(DateEntriesTest, GoesOnFromThePublicationAcrossMidnight) {
  EXPECT_THAT(
      Dated(Between("2026-03-09T22:00:00+01:00", "2026-03-10T08:00:00+01:00"),
            {"22:10", "22:50", "23:50", "00:30"}),
      ElementsAre("03-09 22:10 60", "03-09 22:50 60", "03-09 23:50 60",
                  "03-10 00:30 60"));
  EXPECT_THAT(
      Dated(Between("2026-03-09T23:58:00+01:00", "2026-03-10T08:00:00+01:00"),
            {"00:10", "00:50", "01:30"}),
      ElementsAre("03-10 00:10 60", "03-10 00:50 60", "03-10 01:30 60"));
}

TEST(DateEntriesTest, ClaimsNoOffsetOfClocksFromATimeInUtc) {
  EXPECT_THAT(Dated(Between("2026-03-09T20:00:00Z", "2026-03-09T22:20:00Z"),
                    {"22:15", "21:40"}),
              ElementsAre("03-09 22:15", "03-09 21:40"));
  EXPECT_THAT(Dated(Between("2026-03-09T20:00:00Z", "2026-03-09T22:20:00Z"),
                    {"22:15 GMT", "21:40 GMT"}),
              ElementsAre("03-09 22:15 0", "03-09 21:40 0"));
}

TEST(DateEntriesTest, TakesEitherTimeOfThePage) {
  EXPECT_THAT(Dated(Between("", "2026-03-10T12:00:00+01:00"), {"11:50"}),
              ElementsAre("03-10 11:50 60"));
  EXPECT_THAT(Dated(Between("2026-03-10T12:00:00+01:00", ""), {"11:50"}),
              ElementsAre("03-10 11:50 60"));
  EXPECT_THAT(Dated(Between("", ""), {"11:50"}), ElementsAre("-"));
}

TEST(ClockAtStartTest, ReadsClockAtTheStartOfALine) {
  for (const char* line : {"10:32", "10.32 Uhr", "10h32", "10:32 – Gate shut",
                           "um 10.32 Uhr", "Update 10:32", "10.32"}) {
    const absl::optional<ClockTime> clock = ClockAtStart(line);
    ASSERT_TRUE(clock.has_value()) << line;
    EXPECT_EQ(clock->hour, 10) << line;
    EXPECT_EQ(clock->minute, 32) << line;
  }
  for (const char* line : {"", "Gate shut", "10 boats came in", "99.99"}) {
    EXPECT_FALSE(ClockAtStart(line).has_value()) << line;
  }
}

}  // namespace
}  // namespace dateline
