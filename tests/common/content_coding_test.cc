#include "common/content_coding.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/coded.h"

namespace dateline {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

using Names = std::vector<absl::string_view>;

TEST(ContentCodingTest, UndoesCodingsTheLastFirst) {
  const std::string text(50'000, 'x');
  for (const auto& [codings, body] : std::vector<std::pair<Names, std::string>>{
           {{}, text},
           {{"identity"}, text},
           {{"gzip"}, Gzip(text)},
           {{"X-GZIP"}, Gzip(text.substr(0, 7)) + Gzip(text.substr(7))},
           {{"gzip"}, Gzip(text) + "what is behind it"},
           {{"deflate"}, Gzip(text, 15)},
           {{"deflate"}, Gzip(text, -15)},
           {{"br"}, Brotli(text)},
           {{"gzip", "zstd"}, Zstd(Gzip(text))},
           {{"zstd", "gzip", "identity"}, Gzip(Zstd(text))}}) {
    EXPECT_EQ(UndoContentCodings(codings, body, text.size()).value(), text)
        << testing::PrintToString(codings);
  }
  EXPECT_EQ(UndoContentCodings({"gzip"}, "", 10).value(), "");
  EXPECT_EQ(UndoContentCodings({"gzip"}, Gzip(""), 10).value(), "");
}

TEST(ContentCodingTest, RefusesWhatIsTooLargeBrokenOrUnknown) {
  const std::string text(50'000, 'x');
  const auto code = [&](const Names& codings, const std::string& body) {
    return UndoContentCodings(codings, body, text.size() - 1).status().code();
  };
  const std::string packed = Gzip(text);
  EXPECT_EQ(code({}, text), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code({"gzip"}, packed), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code({"br"}, Brotli(text)), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code({"zstd"}, Zstd(text)), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code({"gzip", "gzip"}, Gzip(packed)),
            absl::StatusCode::kResourceExhausted);
  // It says that it is of 10 bytes.
  std::string lie = packed;
  lie.replace(lie.size() - 4, 4, std::string("\x0A\0\0\0", 4));
  EXPECT_EQ(code({"gzip"}, lie), absl::StatusCode::kResourceExhausted);
  const std::string small = Gzip("a page");
  EXPECT_EQ(code({"gzip"}, small.substr(0, small.size() - 9)),
            absl::StatusCode::kDataLoss);
  std::string damaged = small;
  damaged[damaged.size() - 8] ^= 1;  // its CRC
  EXPECT_FALSE(UndoContentCodings({"gzip"}, damaged, 100).ok());
  EXPECT_EQ(code({"gzip"}, "no gzip at all"),
            absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code({"rot13"}, "no"), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(Names(6, "gzip"), small), absl::StatusCode::kInvalidArgument);
}

TEST(ContentCodingTest, ReadsWhatAnAnswerNames) {
  EXPECT_THAT(ParseContentCodings("X-GZIP, br ,identity,,Zstd").value(),
              ElementsAre("gzip", "br", "zstd"));
  EXPECT_THAT(ParseContentCodings(" ").value(), IsEmpty());
  EXPECT_EQ(ParseContentCodings("gzip, rot13").status(),
            absl::InvalidArgumentError("the coding \"rot13\" is unknown"));
  EXPECT_FALSE(ParseContentCodings("br,br,br,br,br,br").ok());
}

}  // namespace
}  // namespace dateline
