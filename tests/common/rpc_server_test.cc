#include <gmock/gmock.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/rpc/reflection/reflection_v1.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "dateline/v1/parser_service.grpc.pb.h"

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace reflection = grpc::reflection::v1;

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = Server::Start("127.0.0.1:0", {&service_});
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    channel_ = grpc::CreateChannel(absl::StrCat("127.0.0.1:", server_->port()),
                                   grpc::InsecureChannelCredentials());
  }

  reflection::ServerReflectionResponse Ask(
      const reflection::ServerReflectionRequest& request) {
    grpc::ClientContext context;
    auto stream =
        reflection::ServerReflection::NewStub(channel_)->ServerReflectionInfo(
            &context);
    stream->Write(request);
    reflection::ServerReflectionResponse response;
    EXPECT_TRUE(stream->Read(&response));
    stream->WritesDone();
    EXPECT_TRUE(stream->Finish().ok());
    return response;
  }

  v1::ParserService::CallbackService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
};

TEST_F(ServerTest, ListsItsServicesByReflectionV1) {
  reflection::ServerReflectionRequest request;
  request.set_list_services("*");
  std::vector<std::string> names;
  const auto response = Ask(request);
  for (const auto& service : response.list_services_response().service()) {
    names.push_back(service.name());
  }
  EXPECT_THAT(names, UnorderedElementsAre(
                         "dateline.v1.ParserService", "grpc.health.v1.Health",
                         "grpc.reflection.v1.ServerReflection",
                         "grpc.reflection.v1alpha.ServerReflection"));
}

TEST_F(ServerTest, DescribesAFileWithAllItImports) {
  reflection::ServerReflectionRequest request;
  request.set_file_containing_symbol("dateline.v1.ParserService");
  const auto response = Ask(request);
  // parser_service, article, dead_letter, explanation, page and timestamp.
  EXPECT_EQ(response.file_descriptor_response().file_descriptor_proto_size(),
            6);
}

TEST_F(ServerTest, DescribesTheHealthProtocol) {
  reflection::ServerReflectionRequest request;
  request.set_file_containing_symbol("grpc.health.v1.Health");
  EXPECT_EQ(
      Ask(request).file_descriptor_response().file_descriptor_proto_size(), 1);
}

TEST_F(ServerTest, SaysThatASymbolIsUnknown) {
  reflection::ServerReflectionRequest request;
  request.set_file_containing_symbol("no.such.Thing");
  EXPECT_EQ(Ask(request).error_response().error_code(),
            grpc::StatusCode::NOT_FOUND);
}

TEST_F(ServerTest, RefusesAPortThatIsTakenAndNamesIt) {
  const std::string address = absl::StrCat("127.0.0.1:", server_->port());
  const auto second = Server::Start(address, {&service_});
  EXPECT_EQ(second.status().code(), absl::StatusCode::kUnavailable);
  EXPECT_THAT(std::string(second.status().message()), HasSubstr(address));
}

TEST(ToGrpcStatus, KeepsCodeAndMessage) {
  const grpc::Status status = ToGrpcStatus(absl::NotFoundError("no such uid"));
  EXPECT_EQ(status.error_code(), grpc::StatusCode::NOT_FOUND);
  EXPECT_EQ(status.error_message(), "no such uid");
}

}  // namespace
}  // namespace dateline::rpc
