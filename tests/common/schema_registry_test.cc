#include "common/framing/schema_registry.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "common/framing/proto_sources.h"
#include "common/framing/topic_frames.h"
#include "common/framing/value_frame.h"
#include "dateline/v1/article.pb.h"
#include "dateline/v1/page.pb.h"
#include "nlohmann/json.hpp"
#include "tests/fetcher/loopback_http_server.h"
#include "tests/support/fake_kafka.h"

namespace dateline {
namespace {

using fetcher::LoopbackConnection;
using fetcher::LoopbackHttpServer;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

LoopbackHttpServer::Script Answering(int status, const std::string& body) {
  return [=](LoopbackConnection& connection) {
    connection.Answer(
        status, "Content-Type: application/vnd.schemaregistry.v1+json\r\n",
        body);
  };
}

absl::StatusOr<int32_t> Register(const LoopbackHttpServer& server,
                                 const google::protobuf::Descriptor& message) {
  auto registry = SchemaRegistry::Create(server.Url(""), ProtoSource);
  return (*registry)->Register("dateline.pages", message);
}

TEST(SchemaJsonTest, HasTheTextAndWhatItImports) {
  EXPECT_EQ(nlohmann::json::parse(SchemaJson("syntax = \"proto3\";",
                                             {{"a/b.proto", "a/b.proto", 2}})),
            nlohmann::json::parse(R"({
        "schemaType": "PROTOBUF", "schema": "syntax = \"proto3\";",
        "references": [
          {"name": "a/b.proto", "subject": "a/b.proto", "version": 2}]})"));
}

TEST(ProtoSourceTest, IsTheFileOfTheMessages) {
  EXPECT_THAT(
      std::string(ProtoSource(v1::RawPage::descriptor()->file()->name())),
      HasSubstr("message RawPage {"));
  EXPECT_EQ(ProtoSource("no.proto"), "");
}

TEST(SchemaRegistryTest, LeavesAKnownSchemaAsItIs) {
  LoopbackHttpServer server;
  server.On("/subjects/dateline.pages-value",
            Answering(200, R"({"id": 7, "version": 3, "schema": ""})"));
  EXPECT_EQ(Register(server, *v1::Article::descriptor()).value(), 7);
}

TEST(SchemaRegistryTest, RegistersAnImportBeforeWhatImportsIt) {
  LoopbackHttpServer server;
  server.On("/subjects/dateline%2Fv1%2Farticle.proto",
            Answering(200, R"({"id": 7, "version": 3})"));
  server.On("/subjects/dateline.pages-value",
            Answering(404, R"({"error_code": 40403, "message": "none"})"));
  server.On("/subjects/dateline.pages-value/versions",
            Answering(409, R"({"error_code": 409,
                               "message": "Incompatible\nfield 6"})"));
  const auto id = Register(server, *v1::RawPage::descriptor());
  EXPECT_TRUE(absl::IsFailedPrecondition(id.status()));
  EXPECT_EQ(id.status().message(),
            "the schema registry at " + server.Url("") +
                " does not take the schema dateline/v1/page.proto for the "
                "subject dateline.pages-value: Incompatible field 6");
  EXPECT_THAT(server.Paths(),
              ElementsAre("/subjects/dateline%2Fv1%2Farticle.proto",
                          "/subjects/dateline.pages-value",
                          "/subjects/dateline.pages-value/versions"));
}

TEST(SchemaRegistryTest, TakesTheIdOfANewSchema) {
  std::atomic<int> lookups = 0;
  LoopbackHttpServer server;
  server.On("/subjects/dateline.pages-value",
            [&lookups](LoopbackConnection& connection) {
              ++lookups == 1
                  ? Answering(404, R"({"message": "none"})")(connection)
                  : Answering(200, R"({"id": 2147483647})")(connection);
            });
  server.On("/subjects/dateline.pages-value/versions",
            Answering(200, R"({"id": 2147483647})"));
  EXPECT_EQ(Register(server, *v1::Article::descriptor()).value(), 2147483647);
  EXPECT_EQ(lookups, 2);
}

TEST(SchemaRegistryTest, TellsWhatIsNoRegistry) {
  for (const char* body :
       {"<html>", "[]", "{}", R"({"id": "7"})", R"({"id": -7})",
        R"({"id": 4294967297})", R"({"id": 18446744073709551615})"}) {
    LoopbackHttpServer server;
    server.On("/subjects/dateline.pages-value", Answering(200, body));
    const auto id = Register(server, *v1::Article::descriptor());
    EXPECT_THAT(std::string(id.status().message()),
                HasSubstr("is it a schema registry?"))
        << body;
  }
}

TEST(FramedTest, FramesTheValuesOfItsTopicsOnce) {
  kafka::FakeBroker broker;
  broker.CreateTopic("articles", 1);
  broker.CreateTopic("dead-letters", 1);
  const std::string frame = ConfluentFrame(7, {0});
  const auto producer =
      Framed(std::make_unique<kafka::FakeTransactionalProducer>(&broker),
             {{"articles", frame}});
  ASSERT_TRUE(producer->Init(absl::Seconds(1)).ok());
  ASSERT_TRUE(producer->Begin().ok());
  for (const std::string topic : {"articles", "dead-letters"}) {
    ASSERT_TRUE(producer->Produce({topic, 0, "a", "\x0a\x01x", {}}).ok());
    ASSERT_TRUE(producer->Produce({topic, 0, "b", frame + "y", {}}).ok());
    ASSERT_TRUE(producer->Produce({topic, 0, "c", std::nullopt, {}}).ok());
  }
  ASSERT_TRUE(producer->Commit().ok());
  const auto articles = broker.Records("articles");
  ASSERT_EQ(articles.size(), 3U);
  EXPECT_EQ(articles[0].value, frame + "\x0a\x01x");
  EXPECT_EQ(articles[1].value, frame + "y");
  EXPECT_EQ(articles[2].value, std::nullopt);
  EXPECT_EQ(broker.Records("dead-letters")[0].value, "\x0a\x01x");
}

}  // namespace
}  // namespace dateline
