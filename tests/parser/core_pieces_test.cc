#include <unicode/bytestream.h>
#include <unicode/normalizer2.h>
#include <unicode/uchar.h>

#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "parser/core/charset.h"
#include "parser/core/class_words.h"
#include "parser/core/dateline_text.h"
#include "parser/core/document.h"
#include "parser/core/furniture.h"
#include "parser/core/metadata_class_words.h"
#include "parser/core/name_readings.h"
#include "parser/core/signature.h"
#include "parser/core/text.h"
#include "tests/parser/pages.h"

namespace dateline {
namespace {

// NFC by ICU, of a text that has nothing else to clean.
std::string Nfc(const std::string& text) {
  UErrorCode status = U_ZERO_ERROR;
  std::string out;
  icu::StringByteSink<std::string> sink(&out);
  icu::Normalizer2::getNFCInstance(status)->normalizeUTF8(0, text, sink,
                                                          nullptr, status);
  return out;
}

TEST(CleanTextTest, GivesNfcOfEveryCodePoint) {
  for (uint32_t c = 0x300; c < 0x20000; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::string text = "a";
    AppendUtf8(c, &text);
    // What is folded or dropped is another test's.
    if (CleanText(text + "b").size() <= 2 ||
        u_isUWhiteSpace(static_cast<UChar32>(c)))
      continue;
    for (const char* behind : {"b", "\xcc\x81", "\xe1\x86\xa8"}) {
      EXPECT_EQ(CleanText(text + behind), Nfc(text + behind))
          << std::hex << c << " before " << behind;
    }
  }
}

TEST(CleanTextTest, FoldsSpacesWhereverTheyStand) {
  // Two spaces at every place of what is looked at at once.
  for (size_t at = 1; at < 40; ++at) {
    std::string text(40, 'x');
    text.insert(at, "  ");
    std::string folded(40, 'x');
    folded.insert(at, " ");
    EXPECT_EQ(CleanText(text), folded) << at;
    text[at] = '\x01';
    EXPECT_EQ(CleanText(text), folded) << at;
    text.replace(at, 2, "\n\xe2\x80\x99");
    EXPECT_EQ(CleanText(text), folded.insert(at + 1, "\xe2\x80\x99")) << at;
  }
}

TEST(CleanTextTest, FoldsSpaceAndDropsWhatNobodySees) {
  EXPECT_EQ(CleanText("  a\xc2\xa0\n b\xc2\xad"
                      "c\x01 "),
            "a bc");
  EXPECT_EQ(CleanText("a\n \nb", true), "a\nb");
  EXPECT_EQ(CleanText("e\xcc\x81"), "\xc3\xa9");
  EXPECT_EQ(CleanText("a\xff"
                      "b"),
            "a\xef\xbf\xbd"
            "b");
}

TEST(CountWordsTest, CountsScriptsWithoutSpacesByTwos) {
  EXPECT_EQ(CountWords("don't stop \xe2\x80\x94 now"), 3u);
  EXPECT_EQ(CountWords("\xe6\x9d\xb1\xe4\xba\xac\xe9\x83\xbd"), 2u);
}

TEST(CharsetTest, FollowsMarkThenTransportThenMeta) {
  EXPECT_EQ(Decode("\xef\xbb\xbf"
                   "abc",
                   "latin1", true)
                .charset.source,
            "bom");
  EXPECT_EQ(Decode("abc", "latin1", true).charset.name, "windows-1252");
  EXPECT_EQ(Decode("<meta charset=koi8-r>", "", true).charset.source, "meta");
  const DecodedText utf16 =
      Decode(absl::string_view("\xff\xfeh\0i\0", 6), "", true);
  EXPECT_EQ(utf16.text(), "hi");
  EXPECT_EQ(utf16.charset.source, "bom");
}

TEST(CharsetTest, DoesNotBelieveWhatTheBytesContradict) {
  const DecodedText lied = Decode("Caf\xc3\xa9", "iso-8859-1", true);
  EXPECT_EQ(lied.text(), "Caf\xc3\xa9");
  EXPECT_EQ(lied.charset.source, "detected");
  const DecodedText decoded = Decode("Caf\xe9 au lait", "windows-1252", true);
  EXPECT_EQ(decoded.text(), "Caf\xc3\xa9 au lait");
  EXPECT_EQ(decoded.charset.source, "http");
}

TEST(DatelineTest, ReadsPlaces) {
  EXPECT_EQ(ReadDateline("ISLAMABAD: Pakistan and Iran agreed"), "ISLAMABAD");
  EXPECT_EQ(ReadDateline("BERLIN (dpa) \xe2\x80\x93 Die Regierung"), "BERLIN");
  EXPECT_EQ(ReadDateline("Berlin (dpa/lno) - Die Regierung"), "Berlin");
  EXPECT_EQ(ReadDateline("NEW DELHI, Feb 15 (Reuters) - India said"),
            "NEW DELHI");
  EXPECT_EQ(ReadDateline("WASHINGTON \xe2\x80\x94 The president"),
            "WASHINGTON");
  EXPECT_EQ(ReadDateline("\xe6\x9d\xb1\xe4\xba\xac=\xe5\xb1\xb1"),
            "\xe6\x9d\xb1\xe4\xba\xac");
}

TEST(DatelineTest, ReadsPlacesOfJapaneseArticles) {
  const v1::Article article = ArticleOf(Html(
      "<h1>港の渡し船</"
      "h1><article><p>東京=港の事務所は木曜日、島へ渡る船を来週の"
      "月曜日から再び動かすと発表した。船は七週間、岸につながれたままだった。</"
      "p>"
      "<p>"
      "新しい機関の書類が足りず、検査の役人は船を出すことを許さなかったという。"
      "島の人たちは漁船でパンと手紙を運んでいた。</p></article>"));
  EXPECT_EQ(article.dateline(), "東京");
}

TEST(NameReadingsTest, ReadsClassAndIdTogether) {
  const absl::StatusOr<Document> document = Document::Parse(
      "<p id=share class='byline'>a</p><p class='hidden'>b</p>"
      "<p class='hidden md:block'>c</p><p>d</p><p class=byline>e</p>",
      "utf-8", "https://news.example/1");
  ASSERT_TRUE(document.ok());
  NameReadings& names = document->names();
  Node* both = document->body()->first_child;
  EXPECT_TRUE(names.Of(both).words & kBylineWord);
  EXPECT_TRUE(names.Of(both).hints & kHintShare);
  Node* hidden = both->next;
  EXPECT_TRUE(names.Of(hidden).hints & kHintHidden);
  EXPECT_FALSE(names.Of(hidden->next).hints & kHintHidden);
  Node* nameless = hidden->next->next;
  EXPECT_EQ(names.Of(nameless).words, 0u);
  EXPECT_EQ(names.Of(nameless).hints, 0u);
  // Again, by what was noted, and by another element of the same name.
  EXPECT_TRUE(names.Of(both).hints & kHintShare);
  EXPECT_EQ(names.Of(nameless->next).words, names.OfName("byline").words);
  EXPECT_FALSE(names.OfName("hidden").hints & kHintShare);
}

TEST(DatelineTest, TakesNoCapitalsForAPlace) {
  EXPECT_EQ(ReadDateline("(Reuters) - Shares fell"), "");
  EXPECT_EQ(ReadDateline("BREAKING: The mill burns"), "");
  EXPECT_EQ(ReadDateline("THE PRIME MINISTER said on Monday - again"), "");
  EXPECT_EQ(ReadDateline("It was \xe2\x80\x94 so they say \xe2\x80\x94 late"),
            "");
}

TEST(FurnitureTest, KnowsLinesInManyLanguages) {
  EXPECT_EQ(KindOfLine("Must Read"), LineKind::kEndMarker);
  EXPECT_EQ(KindOfLine("Das k\xc3\xb6nnte Sie auch interessieren:"),
            LineKind::kEndMarker);
  EXPECT_EQ(KindOfLine("Lire aussi : La fin du moulin"), LineKind::kReadAlso);
  EXPECT_EQ(KindOfLine("Advertisement"), LineKind::kAdvert);
  EXPECT_EQ(KindOfLine("Updated 16 Mar, 2025"), LineKind::kDate);
  EXPECT_EQ(KindOfLine("\xc2\xa9 2024 The Courier"), LineKind::kCopyright);
  EXPECT_EQ(KindOfLine("The minister left on Monday."), LineKind::kText);
}

TEST(ClassWordsTest, ReadsWordsAndPairs) {
  EXPECT_TRUE(HintsOfName("articleBody") & kHintBody);
  EXPECT_TRUE(HintsOfName("td-post-content") & kHintBody);
  EXPECT_TRUE(HintsOfName("related-links") & kHintRelated);
  EXPECT_FALSE(HintsOfName("has-sidebar") & kHintSidebar);
  EXPECT_FALSE(HintsOfName("category-ads") & kHintAdvert);
  EXPECT_EQ(HintsOfName("x1 y2"), 0u);
}

TEST(MinHashTest, TellsLikeFromUnlike) {
  const std::string text =
      "one two three four five six seven eight nine ten eleven twelve thirteen "
      "fourteen fifteen sixteen seventeen eighteen nineteen twenty";
  EXPECT_EQ(MinHash(text).size(), 64u);
  EXPECT_EQ(MinHash(text), MinHash("  ONE, two THREE " + text.substr(14)));
  EXPECT_TRUE(MinHash("too short").empty());
  EXPECT_NE(MinHash(text), MinHash(text + " and more of it, quite other"));
}

}  // namespace
}  // namespace dateline
