#include "common/trace_context.h"

#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"

namespace dateline {
namespace {

constexpr char kTrace[] = "0af7651916cd43dd8448eb211c80319c";
constexpr char kSpan[] = "b7ad6b7169203331";

std::string Header(absl::string_view flags) {
  return absl::StrCat("00-", kTrace, "-", kSpan, "-", flags);
}

TEST(ParseTraceparent, ReadsWhatFormatTraceparentWrites) {
  const auto context = ParseTraceparent(Header("01"));
  ASSERT_TRUE(context.has_value());
  EXPECT_EQ(*context, (TraceContext{kTrace, kSpan, "01"}));
  EXPECT_EQ(FormatTraceparent(*context), Header("01"));
}

TEST(ParseTraceparent, TellsWhetherATraceIsSampled) {
  EXPECT_TRUE(ParseTraceparent(Header("01"))->sampled());
  EXPECT_TRUE(ParseTraceparent(Header("ff"))->sampled());
  EXPECT_FALSE(ParseTraceparent(Header("00"))->sampled());
  EXPECT_FALSE(ParseTraceparent(Header("fe"))->sampled());
}

TEST(ParseTraceparent, TakesNothingOfAnotherForm) {
  const std::string good = Header("01");
  for (size_t length = 0; length < good.size(); ++length) {
    EXPECT_FALSE(ParseTraceparent(good.substr(0, length)).has_value());
  }
  EXPECT_FALSE(ParseTraceparent(good + "-more").has_value());
  EXPECT_FALSE(ParseTraceparent("ff" + good.substr(2)).has_value());
  EXPECT_FALSE(ParseTraceparent(Header("0A")).has_value());
  EXPECT_FALSE(ParseTraceparent(
                   absl::StrCat("00-", std::string(32, '0'), "-", kSpan, "-01"))
                   .has_value());
  EXPECT_FALSE(ParseTraceparent(absl::StrCat("00-", kTrace, "-",
                                             std::string(16, '0'), "-01"))
                   .has_value());
}

TEST(ParseTraceparent, ReadsWhatALaterVersionHasInCommon) {
  const std::string rest = Header("01").substr(2);
  EXPECT_TRUE(ParseTraceparent("01" + rest).has_value());
  EXPECT_TRUE(ParseTraceparent("01" + rest + "-more").has_value());
  EXPECT_FALSE(ParseTraceparent("01" + rest + "more").has_value());
}

TEST(ContinueTrace, KeepsTraceAndFlagsAndHasASpanOfItsOwn) {
  const TraceContext parent = {kTrace, kSpan, "00"};
  const TraceContext child = ContinueTrace(parent, "pages/3/41");
  EXPECT_EQ(child.trace_id, kTrace);
  EXPECT_EQ(child.flags, "00");
  EXPECT_NE(child.span_id, kSpan);
  EXPECT_TRUE(ParseTraceparent(FormatTraceparent(child)).has_value());
  EXPECT_EQ(ContinueTrace(parent, "pages/3/41"), child);
  EXPECT_NE(ContinueTrace(parent, "pages/3/42"), child);
}

TEST(NewTrace, IsSampledAndDiffersBySeed) {
  EXPECT_TRUE(NewTrace("a").sampled());
  EXPECT_NE(NewTrace("a"), NewTrace("b"));
  EXPECT_TRUE(ParseTraceparent(FormatTraceparent(NewTrace("a"))).has_value());
}

}  // namespace
}  // namespace dateline
