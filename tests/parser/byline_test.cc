#include "parser/core/byline.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Byline, LosesItsOpening) {
  EXPECT_THAT(NamesInByline("By Ada Mill"), ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Von Ada Müller"), ElementsAre("Ada Müller"));
  EXPECT_THAT(NamesInByline("Text: Ada Mill"), ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Par Ada Moulin"), ElementsAre("Ada Moulin"));
  EXPECT_THAT(NamesInByline("Ein Kommentar von Ada Müller"),
              ElementsAre("Ada Müller"));
  EXPECT_THAT(NamesInByline("作者：王小明"), ElementsAre("王小明"));
}

TEST(Byline, SplitsAtWordsForAndInManyLanguages) {
  EXPECT_THAT(NamesInByline("Ada Mill and Ben Weir"),
              ElementsAre("Ada Mill", "Ben Weir"));
  EXPECT_THAT(NamesInByline("Ada Mølle og Bent Vig"),
              ElementsAre("Ada Mølle", "Bent Vig"));
  EXPECT_THAT(NamesInByline("Ada Mill, Ben Weir & Cy Lock"),
              ElementsAre("Ada Mill", "Ben Weir", "Cy Lock"));
  EXPECT_THAT(NamesInByline("Ada Moulin et Luc Pont"),
              ElementsAre("Ada Moulin", "Luc Pont"));
  EXPECT_THAT(NamesInByline("Weir, Ben; Mill, Ada"),
              ElementsAre("Ben Weir", "Ada Mill"));
}

TEST(Byline, LosesWhatStandsBehindUnspacedNames) {
  EXPECT_THAT(NamesInByline("이하늘 기자"), ElementsAre("이하늘"));
  EXPECT_THAT(NamesInByline("佐藤みどり記者"), ElementsAre("佐藤みどり"));
  EXPECT_THAT(NamesInByline("本报记者 周晓敏"), ElementsAre("周晓敏"));
}

TEST(Byline, IsFoundBehindItsLabelInALongerLine) {
  EXPECT_EQ(LabelledNames("2024-08-02 来源：清河日报 作者：周晓敏 编辑：李强"),
            "作者：周晓敏");
  EXPECT_EQ(LabelledNames("2024-08-02 来源：清河日报"), "");
}

TEST(Byline, NamesReporterBeforeTheFirstSentence) {
  EXPECT_EQ(
      ReporterInBrackets("〔記者林美惠／北港報導〕北港漁市今天恢復拍賣。"),
      "林美惠");
  EXPECT_EQ(ReporterInBrackets("(강변=강변통신) 이서준 기자 = 강변시는"),
            "이서준");
  EXPECT_EQ(ReporterInBrackets("記者林美惠說，（昨天）北港漁市恢復拍賣。"), "");
  EXPECT_EQ(ReporterInBrackets("(Reuters) - The mill reopened."), "");
}

TEST(Byline, KeepsNobiliaryParticles) {
  EXPECT_THAT(NamesInByline("Von Ada von der Mühle"),
              ElementsAre("Ada von der Mühle"));
}

TEST(Byline, DropsRolesPlacesAndDates) {
  EXPECT_THAT(NamesInByline("By Ada Mill, Staff Writer"),
              ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Ada Mill, London"), ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("By Ada Mill on 3 May 2024"),
              ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Posted on May 3, 2024 by Ada Mill"),
              ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Ada Mill ada.mill@a.example"),
              ElementsAre("Ada Mill"));
  EXPECT_THAT(NamesInByline("Ada Mill (am)"), ElementsAre("Ada Mill"));
}

TEST(Byline, KeepsAgenciesInBrackets) {
  EXPECT_THAT(NamesInByline("Ada Müller (dpa)"),
              ElementsAre("Ada Müller", "dpa"));
}

TEST(Byline, LeavesPhotographersOut) {
  EXPECT_THAT(NamesInByline("Von Ada Müller (Text) und Ben Wehr (Fotos)"),
              ElementsAre("Ada Müller"));
  EXPECT_THAT(NamesInByline("Text: Ada Müller, Fotos: Ben Wehr"),
              ElementsAre("Ada Müller"));
}

TEST(Byline, TakesNoAddressForAName) {
  EXPECT_THAT(NamesInByline("https://www.facebook.com/courier"), IsEmpty());
  EXPECT_THAT(NamesInByline(""), IsEmpty());
  EXPECT_THAT(NamesInByline(" - | , "), IsEmpty());
}

TEST(Byline, NamesEachOnce) {
  EXPECT_THAT(NamesInByline("Ada Mill, ADA MILL"), ElementsAre("Ada Mill"));
}

TEST(Byline, IsBounded) {
  std::string text;
  for (int i = 0; i < 100000; ++i) text += "Ada Mill, ";
  EXPECT_LE(NamesInByline(text).size(), 30u);
}

TEST(PlausibleName, IsShortAndCapitalised) {
  EXPECT_TRUE(IsPlausibleName("Ada Mill"));
  EXPECT_TRUE(IsPlausibleName("Ludwig van der Weir"));
  EXPECT_FALSE(IsPlausibleName("read more about this"));
  EXPECT_FALSE(IsPlausibleName("3 May"));
}

TEST(KindOfName, TellsPeopleFromAgenciesAndOrganisations) {
  EXPECT_EQ(KindOfName("Ada Mill", "The Courier"), v1::AUTHOR_KIND_PERSON);
  EXPECT_EQ(KindOfName("Reuters", "The Courier"), v1::AUTHOR_KIND_AGENCY);
  EXPECT_EQ(KindOfName("The Courier", "The Courier"),
            v1::AUTHOR_KIND_ORGANIZATION);
  EXPECT_EQ(KindOfName("Courier Staff", ""), v1::AUTHOR_KIND_ORGANIZATION);
  EXPECT_EQ(KindOfName("LC", "", "lc-online.example"),
            v1::AUTHOR_KIND_ORGANIZATION);
  EXPECT_EQ(KindOfName("courier.com", ""), v1::AUTHOR_KIND_ORGANIZATION);
}

}  // namespace
}  // namespace dateline
