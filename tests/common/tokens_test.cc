#include "common/rpc/tokens.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <string>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

std::string Line(const std::string& role, const std::string& token,
                 const std::string& name) {
  return absl::StrCat(role, " sha256:", absl::BytesToHexString(Sha256(token)),
                      " ", name, "\n");
}

std::string Refusal(const std::string& text) {
  const auto tokens = ParseTokens(text, "tokens.txt");
  EXPECT_EQ(tokens.status().code(), absl::StatusCode::kInvalidArgument);
  return std::string(tokens.status().message());
}

TEST(ParseTokens, TakesRoleDigestAndNameOfEachLine) {
  const auto tokens = ParseTokens(
      absl::StrCat("# of the newsroom\n\n", Line("read", "aaa", "reader"), "  ",
                   Line("admin", "bbb", "owner")),
      "tokens.txt");
  ASSERT_TRUE(tokens.ok()) << tokens.status();
  ASSERT_EQ(tokens->size(), 2U);
  EXPECT_EQ((*tokens)[0].role, Role::kRead);
  EXPECT_EQ((*tokens)[0].digest, Sha256("aaa"));
  EXPECT_EQ((*tokens)[1].name, "owner");
}

TEST(ParseTokens, NamesTheLineButNeverTellsIt) {
  const std::string refusal =
      Refusal(Line("read", "aaa", "reader") + "admin my-secret-token owner\n");
  EXPECT_THAT(refusal, HasSubstr("tokens.txt:2"));
  EXPECT_THAT(refusal, Not(HasSubstr("my-secret-token")));
}

TEST(ParseTokens, RefusesWhatIsNoTokenLine) {
  Refusal("");
  Refusal("# only words\n");
  Refusal("read sha256:abcd reader\n");
  Refusal(Line("root", "aaa", "reader"));
  Refusal(Line("read", "aaa", "two words"));
  Refusal(Line("read", "aaa", ""));
  Refusal(Line("read", "aaa", "one") + Line("read", "bbb", "one"));
  Refusal(Line("read", "aaa", "one") + Line("admin", "aaa", "two"));
}

TEST(FindToken, FindsTheOneWithThatDigestOnly) {
  const auto tokens = ParseTokens(
      Line("read", "aaa", "reader") + Line("admin", "bbb", "owner"), "t");
  ASSERT_TRUE(tokens.ok());
  ASSERT_NE(FindToken(*tokens, "bbb"), nullptr);
  EXPECT_EQ(FindToken(*tokens, "bbb")->name, "owner");
  EXPECT_EQ(FindToken(*tokens, "bb"), nullptr);
  EXPECT_EQ(FindToken(*tokens, ""), nullptr);
  // What stands in the file is no token.
  EXPECT_EQ(FindToken(*tokens, (*tokens)[0].digest), nullptr);
}

class TokensFileTest : public ::testing::Test {
 protected:
  void SetUp() override { Write(Line("read", "aaa", "reader")); }
  void TearDown() override { std::remove(path_.c_str()); }

  // As a rename, so that no reader sees half of it.
  void Write(const std::string& text) {
    const std::string next = path_ + ".next";
    std::ofstream(next) << text;
    ASSERT_EQ(std::rename(next.c_str(), path_.c_str()), 0);
  }

  const std::string path_ =
      absl::StrCat(::testing::TempDir(), "/tokens-", getpid());
};

TEST_F(TokensFileTest, TakesUpAChangeAsItIsReread) {
  const auto file = TokensFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  EXPECT_FALSE((*file)->Reread());
  Write(Line("admin", "a longer one", "owner"));
  EXPECT_TRUE((*file)->Find("aaa").has_value());
  EXPECT_TRUE((*file)->Reread());
  EXPECT_FALSE((*file)->Find("aaa").has_value());
  EXPECT_FALSE((*file)->FindDigest(Sha256("aaa")).has_value());
  EXPECT_EQ((*file)->Find("a longer one")->role, Role::kAdmin);
  EXPECT_EQ((*file)->FindDigest(Sha256("a longer one"))->name, "owner");
}

TEST_F(TokensFileTest, KeepsItsTokensWhereAChangeIsWrong) {
  const auto file = TokensFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  Write("nonsense\n");
  EXPECT_FALSE((*file)->Reread());
  EXPECT_TRUE((*file)->Find("aaa").has_value());
}

TEST_F(TokensFileTest, TellsOfAWrongChangeOnce) {
  const auto file = TokensFile::Open(path_);
  ASSERT_TRUE(file.ok()) << file.status();
  Write("nonsense\n");
  ::testing::internal::CaptureStderr();
  (*file)->Reread();
  (*file)->Reread();
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(log.begin(), log.end(), '\n'), 1) << log;
  EXPECT_THAT(log, HasSubstr("the ones from before stay"));
}

TEST_F(TokensFileTest, IsNotOpenedWhereItIsMissing) {
  const auto file = TokensFile::Open("/nowhere/tokens");
  EXPECT_EQ(file.status().code(), absl::StatusCode::kNotFound);
  EXPECT_THAT(std::string(file.status().message()),
              HasSubstr("/nowhere/tokens"));
}

}  // namespace
}  // namespace dateline::rpc
