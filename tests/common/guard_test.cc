#include "common/rpc/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <fstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/sha256.h"
#include "google/rpc/error_details.pb.h"

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::Pair;
using ::testing::UnorderedElementsAre;

constexpr char kGet[] = "/dateline.v1.ArticleStoreService/GetArticle";
constexpr char kSubmit[] = "/dateline.v1.FetcherService/SubmitUrls";
constexpr char kDelete[] = "/dateline.v1.ArticleStoreService/DeleteArticle";

class GuardTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream file(path_);
    for (const char* role : {"read", "submit", "admin"}) {
      file << role << " sha256:"
           << absl::BytesToHexString(Sha256(absl::StrCat("token-", role)))
           << " " << role << "er\n";
    }
  }
  void TearDown() override { std::remove(path_.c_str()); }

  std::unique_ptr<Guard> NewGuard(ClientLimitOptions limits = {}) {
    auto tokens = TokensFile::Open(path_);
    EXPECT_TRUE(tokens.ok()) << tokens.status();
    return std::make_unique<Guard>(*std::move(tokens), limits);
  }

  absl::Status Call(Guard& guard, const char* method,
                    std::vector<std::string> authorizations) {
    return guard
        .Admit(method,
               {.authorizations = std::move(authorizations),
                .address = "ipv4:10.0.0.1:4711"},
               now_)
        .status();
  }

  const std::string path_ =
      absl::StrCat(::testing::TempDir(), "/guard-tokens-", getpid());
  absl::Time now_ = absl::UnixEpoch();
};

std::string Reason(const absl::Status& status) {
  const auto payload =
      status.GetPayload("type.googleapis.com/google.rpc.ErrorInfo");
  if (!payload.has_value()) return "";
  google::rpc::ErrorInfo info;
  EXPECT_TRUE(info.ParseFromString(std::string(*payload)));
  EXPECT_EQ(info.domain(), "dateline");
  return info.reason();
}

TEST_F(GuardTest, LetsEachRoleCallWhatItMayAndNoMore) {
  const auto guard = NewGuard();
  const auto code = [&](const char* method, const char* role) {
    return Call(*guard, method, {absl::StrCat("Bearer token-", role)}).code();
  };
  constexpr auto kOk = absl::StatusCode::kOk;
  constexpr auto kDenied = absl::StatusCode::kPermissionDenied;
  EXPECT_EQ(code(kGet, "read"), kOk);
  EXPECT_EQ(code(kGet, "submit"), kOk);
  EXPECT_EQ(code(kGet, "admin"), kOk);
  EXPECT_EQ(code(kSubmit, "read"), kDenied);
  EXPECT_EQ(code(kSubmit, "submit"), kOk);
  EXPECT_EQ(code(kSubmit, "admin"), kOk);
  EXPECT_EQ(code(kDelete, "read"), kDenied);
  EXPECT_EQ(code(kDelete, "submit"), kDenied);
  EXPECT_EQ(code(kDelete, "admin"), kOk);
  EXPECT_EQ(code("/other.Service/Method", "admin"), kDenied);
}

TEST_F(GuardTest, TellsAMissingTokenFromAnUnknownOneAndALowRole) {
  const auto guard = NewGuard();
  const absl::Status missing = Call(*guard, kGet, {});
  EXPECT_EQ(missing.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Reason(missing), "TOKEN_MISSING");
  const absl::Status unknown = Call(*guard, kGet, {"Bearer not-a-token"});
  EXPECT_EQ(unknown.code(), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Reason(unknown), "TOKEN_UNKNOWN");
  EXPECT_EQ(Reason(Call(*guard, kDelete, {"Bearer token-read"})),
            "ROLE_TOO_LOW");
}

TEST_F(GuardTest, TakesNothingButOneBearerToken) {
  const auto guard = NewGuard();
  for (const auto& authorizations : std::vector<std::vector<std::string>>{
           {""},
           {"Bearer"},
           {"Bearer "},
           {"token-read"},
           {"Basic token-read"},
           {"Bearer  token-read"},
           {"Bearer token-read", "Bearer token-read"}}) {
    EXPECT_EQ(Call(*guard, kGet, authorizations).code(),
              absl::StatusCode::kUnauthenticated);
  }
  EXPECT_TRUE(Call(*guard, kGet, {"bearer token-read"}).ok());
}

TEST_F(GuardTest, TellsNoSecret) {
  const auto guard = NewGuard();
  ::testing::internal::CaptureStderr();
  const absl::Status unknown = Call(*guard, kGet, {"Bearer not-a-token"});
  now_ += absl::Seconds(5);
  const absl::Status low = Call(*guard, kDelete, {"Bearer token-read"});
  const std::string log = ::testing::internal::GetCapturedStderr();
  EXPECT_THAT(unknown.ToString(), Not(HasSubstr("not-a-token")));
  EXPECT_THAT(low.ToString(), Not(HasSubstr("token-read")));
  EXPECT_THAT(log, Not(HasSubstr("not-a-token")));
  EXPECT_THAT(log, Not(HasSubstr("token-read")));
}

TEST_F(GuardTest, CountsByTokenElseCertificateElseAddress) {
  Guard guard(nullptr, {.calls_per_second = 1});
  const auto ok = [&](const Caller& caller) {
    return guard.Admit(kGet, caller, now_).ok();
  };
  EXPECT_TRUE(ok({.address = "ipv4:10.0.0.1:1"}));
  EXPECT_FALSE(ok({.address = "ipv4:10.0.0.1:2"}));
  EXPECT_TRUE(ok({.address = "ipv4:10.0.0.2:1"}));
  EXPECT_TRUE(ok({.certificate = "a", .address = "ipv4:10.0.0.1:3"}));
  EXPECT_FALSE(ok({.certificate = "a", .address = "ipv4:10.0.0.9:1"}));
  const auto with_tokens = NewGuard({.calls_per_second = 1});
  EXPECT_TRUE(Call(*with_tokens, kGet, {"Bearer token-read"}).ok());
  EXPECT_EQ(Call(*with_tokens, kGet, {"Bearer token-read"}).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Call(*with_tokens, kGet, {"Bearer token-admin"}).ok());
}

class GuardStreamTest : public GuardTest {
 protected:
  absl::StatusOr<ClientLimits::Slot> Open(Guard& guard, const char* method,
                                          const char* role) {
    return guard.AdmitStream(
        method,
        {.authorizations = {absl::StrCat("Bearer token-", role)},
         .address = "ipv4:10.0.0.1:4711"},
        now_, [this, role](const absl::Status& status) {
          ended_.emplace_back(role, status.code());
        });
  }
  void Replace(const std::string& text) {
    std::ofstream(path_ + ".next") << text;
    ASSERT_EQ(std::rename((path_ + ".next").c_str(), path_.c_str()), 0);
  }
  static std::string Line(const char* role, const char* token) {
    return absl::StrCat(
        role, " sha256:",
        absl::BytesToHexString(Sha256(absl::StrCat("token-", token))), " ",
        token, "\n");
  }

  std::vector<std::pair<std::string, absl::StatusCode>> ended_;
};

TEST_F(GuardStreamTest, EndsWhatTheChangedTokensNoLongerAllow) {
  const auto guard = NewGuard();
  const auto watch = Open(*guard, kGet, "read");
  const auto submit = Open(*guard, kSubmit, "submit");
  const auto other = Open(*guard, kGet, "admin");
  ASSERT_TRUE(watch.ok() && submit.ok() && other.ok());
  guard->RereadTokens();
  EXPECT_THAT(ended_, IsEmpty());
  Replace(Line("read", "submit") + Line("read", "admin"));
  guard->RereadTokens();
  guard->RereadTokens();
  EXPECT_THAT(ended_, UnorderedElementsAre(
                          Pair("read", absl::StatusCode::kUnauthenticated),
                          Pair("submit", absl::StatusCode::kPermissionDenied)));
}

TEST_F(GuardStreamTest, ForgetsAStreamThatIsOver) {
  const auto guard = NewGuard({.calls_at_once = 1});
  EXPECT_TRUE(Open(*guard, kGet, "read").ok());
  EXPECT_TRUE(Open(*guard, kGet, "read").ok());
  Replace(Line("read", "admin"));
  guard->RereadTokens();
  EXPECT_THAT(ended_, IsEmpty());
  EXPECT_EQ(Open(*guard, kGet, "read").status().code(),
            absl::StatusCode::kUnauthenticated);
}

TEST_F(GuardTest, CountsUnknownTokensByTheirAddressAndLocksNoKnownOneOut) {
  const auto guard = NewGuard({.calls_per_second = 1});
  EXPECT_EQ(Call(*guard, kGet, {"Bearer guess-1"}).code(),
            absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(Call(*guard, kGet, {"Bearer guess-2"}).code(),
            absl::StatusCode::kResourceExhausted);
  EXPECT_TRUE(Call(*guard, kGet, {"Bearer token-read"}).ok());
}

}  // namespace
}  // namespace dateline::rpc
