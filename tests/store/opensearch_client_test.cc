#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "absl/strings/str_cat.h"
#include "store/opensearch/client.h"
#include "tests/fetcher/loopback_http_server.h"

namespace dateline::store {
namespace {

using fetcher::LoopbackConnection;
using fetcher::LoopbackHttpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using Json = nlohmann::json;

std::unique_ptr<OpenSearchClient> ClientOf(std::vector<std::string> urls) {
  auto client =
      OpenSearchClient::Create({.http = {.urls = std::move(urls)},
                                .read_timeout = absl::Milliseconds(300)});
  EXPECT_TRUE(client.ok()) << client.status();
  return *std::move(client);
}

LoopbackHttpServer::Script Answering(int status, const std::string& body) {
  return [=](LoopbackConnection& connection) {
    connection.Answer(status, "Content-Type: application/json\r\n", body);
  };
}

// Of a server that is no longer there.
std::string NobodysUrl() { return LoopbackHttpServer().Url(""); }

TEST(OpenSearchClientTest, GivesTheAnswerAsJson) {
  LoopbackHttpServer server;
  server.On("/x/_search", Answering(200, R"({"took": 3})"));
  const auto client = ClientOf({server.Url("/")});
  EXPECT_EQ(client->Read("POST", "/x/_search", {{"size", 1}}).value(),
            Json::parse(R"({"took": 3})"));
}

TEST(OpenSearchClientTest, TakesAnErrorsReasonFromTheAnswer) {
  LoopbackHttpServer server;
  server.On("/x", Answering(400, R"({"error": {"type": "t", "reason": "no"},
                                     "status": 400})"));
  server.On("/busy", Answering(429, "{}"));
  server.On("/gone", Answering(404, R"({"error": "no such index"})"));
  server.On("/proxy", Answering(503, "<html>"));
  const auto client = ClientOf({server.Url("")});
  EXPECT_EQ(
      client->Write("PUT", "/x", Json::object()).status(),
      absl::FailedPreconditionError("OpenSearch answered 400 to PUT /x: no"));
  EXPECT_TRUE(
      absl::IsResourceExhausted(client->Read("GET", "/busy", Json()).status()));
  EXPECT_TRUE(absl::IsNotFound(client->Read("GET", "/gone", Json()).status()));
  EXPECT_TRUE(
      absl::IsUnavailable(client->Read("GET", "/proxy", Json()).status()));
}

TEST(OpenSearchClientTest, IsUnavailableWhereNobodyAnswers) {
  const std::string url = NobodysUrl();
  const absl::Status status =
      ClientOf({url})->Read("GET", "/x", Json()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr(absl::StrCat("OpenSearch at ", url, " is away")));
}

TEST(OpenSearchClientTest, GoesToTheNextNodeAndStaysThere) {
  LoopbackHttpServer server;
  server.On("/x", Answering(200, "{}"));
  const auto client = ClientOf({NobodysUrl(), server.Url("")});
  EXPECT_TRUE(client->Read("GET", "/x", Json()).ok());
  EXPECT_TRUE(client->Read("GET", "/x", Json()).ok());
  EXPECT_THAT(server.Paths(), ElementsAre("/x", "/x"));
}

TEST(OpenSearchClientTest, GoesToTheNextNodeWhereAConnectionBreaks) {
  LoopbackHttpServer broken;
  broken.On("/x", [](LoopbackConnection&) {});
  LoopbackHttpServer good;
  good.On("/x", Answering(200, "{}"));
  const auto client = ClientOf({broken.Url(""), good.Url("")});
  EXPECT_TRUE(client->Read("GET", "/x", Json()).ok());
  EXPECT_THAT(broken.Paths(), Not(IsEmpty()));
}

TEST(OpenSearchClientTest, GivesUpOnASlowNode) {
  LoopbackHttpServer server;
  server.On("/x",
            [](LoopbackConnection& connection) { connection.WaitForClose(); });
  const absl::Status status =
      ClientOf({server.Url("")})->Read("GET", "/x", Json()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()),
              HasSubstr("did not answer within 300ms"));
}

TEST(OpenSearchClientTest, SaysThatItIsNoOpenSearch) {
  LoopbackHttpServer server;
  server.On("/x", Answering(200, "<html>"));
  const absl::Status status =
      ClientOf({server.Url("")})->Read("GET", "/x", Json()).status();
  EXPECT_TRUE(absl::IsUnavailable(status)) << status;
  EXPECT_THAT(std::string(status.message()), HasSubstr("is it OpenSearch?"));
}

TEST(OpenSearchClientTest, KeepsThePasswordOutOfMessages) {
  std::string url = NobodysUrl();
  url.replace(0, 7, "http://user:secret@");
  const absl::Status status =
      ClientOf({url})->Read("GET", "/x", Json()).status();
  EXPECT_THAT(std::string(status.message()), Not(HasSubstr("secret")));
  EXPECT_THAT(std::string(status.message()), HasSubstr("http://127.0.0.1:"));
}

TEST(OpenSearchClientTest, RefusesWhatIsNoAddress) {
  for (const char* url : {"", "127.0.0.1:9200", "ftp://host", "http://"}) {
    EXPECT_TRUE(absl::IsInvalidArgument(
        OpenSearchClient::Create({.http = {.urls = {url}}}).status()))
        << url;
  }
  EXPECT_TRUE(absl::IsInvalidArgument(OpenSearchClient::Create({}).status()));
}

}  // namespace
}  // namespace dateline::store
