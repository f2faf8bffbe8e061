#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/reflection/reflection_v1.h"
#include "common/rpc/server.h"
#include "common/rpc/status.h"
#include "dateline/v1/parser_service.grpc.pb.h"
#include "rpc/reflection/health.pb.h"
#include "tests/support/patience.h"

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;
using ::testing::UnorderedElementsAre;
namespace reflection = grpc::reflection::v1;
namespace health = grpc::health::v1;

// Holds the calls of ParsePage open until they are let go or cancelled.
class HoldingService final : public v1::ParserService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ParsePage(grpc::CallbackServerContext*,
                                      const v1::ParsePageRequest*,
                                      v1::ParsePageResponse*) override {
    held_ = new HeldCall;
    arrived.Notify();
    return held_;
  }
  // Ends the call that has arrived.
  void LetGo() { held_->Finish(grpc::Status::OK); }

  absl::Notification arrived;

 private:
  class HeldCall final : public grpc::ServerUnaryReactor {
   public:
    void OnCancel() override { Finish(grpc::Status::CANCELLED); }
    void OnDone() override { delete this; }
  };

  HeldCall* held_ = nullptr;
};

class ServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto server = Server::Start(
        "127.0.0.1:0", {{&service_, v1::ParserService::service_full_name()}});
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

  health::HealthCheckResponse::ServingStatus Health(
      const std::string& service = "") {
    grpc::TemplatedGenericStub<health::HealthCheckRequest,
                               health::HealthCheckResponse>
        stub(channel_);
    grpc::ClientContext context;
    health::HealthCheckRequest request;
    request.set_service(service);
    health::HealthCheckResponse response;
    absl::Notification done;
    stub.UnaryCall(&context, "/grpc.health.v1.Health/Check", {}, &request,
                   &response, [&](grpc::Status status) {
                     EXPECT_TRUE(status.ok()) << status.error_message();
                     done.Notify();
                   });
    done.WaitForNotification();
    return response.status();
  }

  // Begins a call, which is open when this returns.
  void HoldCall() {
    stub_ = v1::ParserService::NewStub(channel_);
    stub_->async()->ParsePage(&context_, &request_, &response_,
                              [this](grpc::Status status) {
                                status_ = std::move(status);
                                ended_.Notify();
                              });
    service_.arrived.WaitForNotification();
  }
  grpc::Status AwaitCall() {
    ended_.WaitForNotification();
    return status_;
  }

  // Calls until the server is gone for new calls. One that was on its way when
  // it went is cancelled.
  grpc::StatusCode AwaitRefusal() {
    grpc::StatusCode code = grpc::StatusCode::OK;
    const absl::Time deadline = absl::Now() + kSoon;
    while (code != grpc::StatusCode::UNAVAILABLE && absl::Now() < deadline) {
      grpc::ClientContext context;
      v1::ListDeadLettersResponse response;
      code = stub_->ListDeadLetters(&context, {}, &response).error_code();
    }
    return code;
  }

  HoldingService service_;
  std::unique_ptr<Server> server_;
  std::shared_ptr<grpc::Channel> channel_;

  std::unique_ptr<v1::ParserService::Stub> stub_;
  grpc::ClientContext context_;
  v1::ParsePageRequest request_;
  v1::ParsePageResponse response_;
  grpc::Status status_;
  absl::Notification ended_;
};

TEST_F(ServerTest, IsNotServingUntilItIsSaidToBe) {
  EXPECT_EQ(Health(), health::HealthCheckResponse::NOT_SERVING);
  server_->SetServing(true);
  EXPECT_EQ(Health(), health::HealthCheckResponse::SERVING);
  server_->SetServing(false);
  EXPECT_EQ(Health(), health::HealthCheckResponse::NOT_SERVING);
}

TEST_F(ServerTest, IsLiveWhetherItServesOrNot) {
  EXPECT_EQ(Health("live"), health::HealthCheckResponse::SERVING);
  server_->SetServing(true);
  server_->SetServing(false);
  EXPECT_EQ(Health("live"), health::HealthCheckResponse::SERVING);
}

TEST_F(ServerTest, LetsAnOpenCallEndInItsGraceWhileItRefusesNewOnes) {
  HoldCall();
  std::thread shutdown([this] { server_->Shutdown(absl::Minutes(1)); });
  EXPECT_EQ(AwaitRefusal(), grpc::StatusCode::UNAVAILABLE);
  EXPECT_FALSE(ended_.HasBeenNotified());
  service_.LetGo();
  const grpc::Status status = AwaitCall();
  EXPECT_TRUE(status.ok()) << status.error_message();
  shutdown.join();
}

TEST_F(ServerTest, CancelsACallThatOutstaysTheGrace) {
  HoldCall();
  const absl::Time before = absl::Now();
  constexpr absl::Duration kGrace = absl::Milliseconds(300);
  server_->Shutdown(kGrace);
  EXPECT_GE(absl::Now() - before, kGrace);
  EXPECT_FALSE(AwaitCall().ok());
}

TEST_F(ServerTest, CanShutDownTwice) {
  server_->Shutdown(absl::ZeroDuration());
  server_->Shutdown(absl::ZeroDuration());
  server_->SetServing(true);
}

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
  const auto second = Server::Start(
      address, {{&service_, v1::ParserService::service_full_name()}});
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
