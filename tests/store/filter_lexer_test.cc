#include <string>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "store/core/filter/lexer.h"
#include "store/core/filter/limits.h"

namespace dateline::store::filter {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::vector<Token> Lex(absl::string_view filter) {
  absl::StatusOr<std::vector<Token>> tokens = Tokenize(filter);
  EXPECT_TRUE(tokens.ok()) << tokens.status();
  return tokens.ok() ? *tokens : std::vector<Token>{};
}

std::string Error(absl::string_view filter) {
  const absl::StatusOr<std::vector<Token>> tokens = Tokenize(filter);
  EXPECT_EQ(tokens.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(tokens.status().message());
}

TEST(FilterLexer, NamesOperatorsAndValuesWithTheirPositions) {
  EXPECT_THAT(
      Lex("language != en (domain>=\"x\")"),
      ElementsAre(
          Token{.kind = TokenKind::kText, .text = "language", .position = 1},
          Token{.kind = TokenKind::kOperator, .text = "!=", .position = 10},
          Token{.kind = TokenKind::kText, .text = "en", .position = 13},
          Token{.kind = TokenKind::kOpen, .text = "(", .position = 16},
          Token{.kind = TokenKind::kText, .text = "domain", .position = 17},
          Token{.kind = TokenKind::kOperator, .text = ">=", .position = 23},
          Token{.kind = TokenKind::kString, .text = "x", .position = 25},
          Token{.kind = TokenKind::kClose, .text = ")", .position = 28},
          Token{.kind = TokenKind::kEnd, .position = 29}));
}

TEST(FilterLexer, KeywordsAreUpperCaseAndWithoutQuotes) {
  EXPECT_THAT(
      Lex("AND and \"OR\" NOT"),
      ElementsAre(
          Token{.kind = TokenKind::kAnd, .text = "AND", .position = 1},
          Token{.kind = TokenKind::kText, .text = "and", .position = 5},
          Token{.kind = TokenKind::kString, .text = "OR", .position = 9},
          Token{.kind = TokenKind::kNot, .text = "NOT", .position = 14},
          Token{.kind = TokenKind::kEnd, .position = 17}));
}

TEST(FilterLexer, TimesNeedNoQuotesBehindAnOperator) {
  EXPECT_EQ(Lex("a<2026-01-02T03:04:05+01:00")[2].text,
            "2026-01-02T03:04:05+01:00");
  EXPECT_EQ(Lex("a:b:c")[2].text, "b:c");
}

TEST(FilterLexer, MinusIsTextOnlyWithinAndBehindAnOperator) {
  EXPECT_EQ(Lex("-a")[0].kind, TokenKind::kMinus);
  EXPECT_EQ(Lex("a=-b")[2].text, "-b");
  EXPECT_EQ(Lex("a-b")[0].text, "a-b");
}

TEST(FilterLexer, EscapesMakeQuotesBackslashesAndStarsPlain) {
  EXPECT_THAT(
      Lex(R"(a="\"\\\*\'")")[2],
      (Token{.kind = TokenKind::kString, .text = R"("\*')", .position = 3}));
  EXPECT_EQ(Lex(R"(a=b\*)")[2].text, "b*");
  EXPECT_EQ(Lex(R"(a='say "x"')")[2].text, R"(say "x")");
}

TEST(FilterLexer, WildcardsAreTakenOutOfTheText) {
  EXPECT_THAT(Lex("a=*b*c\\**")[2], (Token{.kind = TokenKind::kText,
                                           .text = "bc*",
                                           .wildcards = {0, 1, 3},
                                           .position = 3}));
}

TEST(FilterLexer, PositionsCountCharactersNotBytes) {
  EXPECT_EQ(Lex("a='日本' b")[3].position, 8);
}

TEST(FilterLexer, SaysWhereAQuoteWasLeftOpen) {
  EXPECT_EQ(Error("a = 'b"),
            "filter, position 5: expected a closing ' for the one here");
}

TEST(FilterLexer, RefusesUnknownEscapes) {
  EXPECT_EQ(Error("a = \"\\n\""),
            "filter, position 6: expected one of \" ' \\ * after a backslash");
}

TEST(FilterLexer, RefusesLoneExclamationMark) {
  EXPECT_EQ(Error("a ! b"), "filter, position 3: expected '=' after '!'");
}

TEST(FilterLexer, RefusesWhatIsNoUtf8AndControlCharacters) {
  for (const char* bad : {"a=\xff", "a=\xc0\xaf", "a=\xed\xa0\x80",
                          "a=\xf4\x90\x80\x80", "a=\xe2\x82"}) {
    EXPECT_EQ(Error(bad), "filter, position 3: expected valid UTF-8");
  }
  EXPECT_EQ(Error(absl::string_view("a=\0", 3)),
            "filter, position 3: expected no control character");
  EXPECT_EQ(Error("a='\n'"),
            "filter, position 4: expected no control character");
}

TEST(FilterLexer, RefusesFiltersBeyondTheBound) {
  EXPECT_TRUE(Tokenize(std::string(kMaxFilterBytes, ' ')).ok());
  EXPECT_THAT(Error(std::string(kMaxFilterBytes + 1, ' ')),
              HasSubstr("longer than 8192 bytes"));
}

}  // namespace
}  // namespace dateline::store::filter
