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
