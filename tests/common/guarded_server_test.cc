#include <gmock/gmock.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <atomic>
#include <cstdio>
#include <deque>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/sha256.h"
#include "dateline/v1/parser_service.grpc.pb.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "tests/support/sanitized.h"

namespace dateline::rpc {
namespace {

using ::testing::HasSubstr;

// Answers ParsePage and holds StreamParse open until it is cancelled.
class FakeParser final : public v1::ParserService::CallbackService {
 public:
  grpc::ServerUnaryReactor* ParsePage(grpc::CallbackServerContext* context,
                                      const v1::ParsePageRequest* request,
                                      v1::ParsePageResponse*) override {
    ++pages;
    url = request->page().requested_url();
    grpc::ServerUnaryReactor* const reactor = context->DefaultReactor();
    reactor->Finish(grpc::Status::OK);
    return reactor;
  }
  grpc::ServerBidiReactor<v1::StreamParseRequest, v1::StreamParseResponse>*
  StreamParse(grpc::CallbackServerContext*) override {
    class Held final : public grpc::ServerBidiReactor<v1::StreamParseRequest,
                                                      v1::StreamParseResponse> {
     public:
      void OnCancel() override { Finish(grpc::Status::CANCELLED); }
      void OnDone() override { delete this; }
    };
    ++streams;
    return new Held;
  }

  std::atomic<int> pages = 0;
  std::atomic<int> streams = 0;
  std::string url;
};

// One of many calls of StreamParse, which ends when the server ends it or it
// is cancelled.
class OpenStream final
    : public grpc::ClientBidiReactor<v1::StreamParseRequest,
                                     v1::StreamParseResponse> {
 public:
  OpenStream(v1::ParserService::Stub& stub, const std::string& token,
             std::atomic<int>& refused, absl::BlockingCounter& done)
      : refused_(refused), done_(done) {
    context.AddMetadata("authorization", "Bearer " + token);
    stub.async()->StreamParse(&context, this);
    StartCall();
  }
  void OnDone(const grpc::Status& status) override {
    if (status.error_code() == grpc::StatusCode::RESOURCE_EXHAUSTED) ++refused_;
    done_.DecrementCount();
  }

  grpc::ClientContext context;

 private:
  std::atomic<int>& refused_;
  absl::BlockingCounter& done_;
};

class GuardedServerTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::ofstream file(path_);
    for (const std::string name : {"read", "submit", "admin"}) {
      file << name << " sha256:" << absl::BytesToHexString(Sha256(name)) << " "
           << name << "\n";
    }
    file << "submit sha256:" << absl::BytesToHexString(Sha256("flood"))
         << " flood\n";
  }
  void TearDown() override { std::remove(path_.c_str()); }

  void Start(ServerOptions options) {
    options.tokens_file = path_;
    auto server = Server::Start(
        "127.0.0.1:0", {{&service_, v1::ParserService::service_full_name()}},
        options);
    ASSERT_TRUE(server.ok()) << server.status();
    server_ = *std::move(server);
    stub_ = v1::ParserService::NewStub(Connect());
  }

  // Over a connection of its own.
  std::shared_ptr<grpc::Channel> Connect() {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    return grpc::CreateCustomChannel(
        absl::StrCat("127.0.0.1:", server_->port()),
        grpc::InsecureChannelCredentials(), arguments);
  }

  grpc::Status Parse(const std::string& token) {
    grpc::ClientContext context;
    if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
    v1::ParsePageRequest request;
    request.mutable_page()->set_requested_url("http://a.example/1");
    v1::ParsePageResponse response;
    return stub_->ParsePage(&context, request, &response);
  }

  const std::string path_ =
      absl::StrCat(::testing::TempDir(), "/server-tokens-", getpid());
  FakeParser service_;
  std::unique_ptr<Server> server_;
  std::unique_ptr<v1::ParserService::Stub> stub_;
};

// The most memory that this process has had.
int64_t PeakBytes() {
  rusage usage = {};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss * 1024;
}

std::string Reason(const grpc::Status& status) {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  google::rpc::ErrorInfo info;
  EXPECT_TRUE(details.details_size() == 1 &&
              details.details(0).UnpackTo(&info));
  return info.reason();
}

TEST_F(GuardedServerTest, AsksBeforeTheServiceIsCalled) {
  Start({});
  const grpc::Status missing = Parse("");
  EXPECT_EQ(missing.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(Reason(missing), "TOKEN_MISSING");
  EXPECT_EQ(Reason(Parse("other")), "TOKEN_UNKNOWN");
  const grpc::Status low = Parse("read");
  EXPECT_EQ(low.error_code(), grpc::StatusCode::PERMISSION_DENIED);
  EXPECT_EQ(Reason(low), "ROLE_TOO_LOW");
  EXPECT_EQ(service_.pages, 0);
  EXPECT_TRUE(Parse("submit").ok());
  EXPECT_EQ(service_.pages, 1);
  EXPECT_EQ(service_.url, "http://a.example/1");
}

TEST_F(GuardedServerTest, AsksForStreamsAsWell) {
  Start({});
  grpc::ClientContext context;
  const auto stream = stub_->StreamParse(&context);
  v1::StreamParseResponse response;
  EXPECT_FALSE(stream->Read(&response));
  EXPECT_EQ(stream->Finish().error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(service_.streams, 0);
}

TEST_F(GuardedServerTest, EndsAMessageOfAGigabyteUnreadAndAnswersOthers) {
  Start({.max_buffered_bytes = int64_t{64} << 20});
  const std::string megabyte(1 << 20, 'x');
  const int64_t peak = PeakBytes();
  const std::vector<grpc::Slice> slices(1024, grpc::Slice(megabyte));
  const grpc::ByteBuffer request(slices.data(), slices.size());
  grpc::GenericStub stub(Connect());
  grpc::ClientContext context;
  context.AddMetadata("authorization", "Bearer flood");
  grpc::ByteBuffer response;
  grpc::Status ended;
  absl::Notification done;
  stub.UnaryCall(&context, "/dateline.v1.ParserService/ParsePage", {}, &request,
                 &response, [&](grpc::Status status) {
                   ended = std::move(status);
                   done.Notify();
                 });
  EXPECT_TRUE(Parse("submit").ok());
  done.WaitForNotification();
  EXPECT_EQ(ended.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_TRUE(Parse("submit").ok());
  EXPECT_EQ(service_.pages, 2);
  if (!kIsSanitized) {
    EXPECT_LT(PeakBytes() - peak, int64_t{256} << 20);
  }
}

TEST_F(GuardedServerTest, BoundsTheStreamsOfAFloodAndAnswersOthers) {
  constexpr int kConnections = 10;
  constexpr int kStreams = 1'000;  // of each
  Start({});
  std::atomic<int> refused = 0;
  absl::BlockingCounter done(kConnections * kStreams);
  std::vector<std::unique_ptr<v1::ParserService::Stub>> stubs;
  std::deque<OpenStream> streams;
  for (int i = 0; i < kConnections; ++i) {
    stubs.push_back(v1::ParserService::NewStub(Connect()));
    for (int j = 0; j < kStreams; ++j) {
      streams.emplace_back(*stubs.back(), "flood", refused, done);
    }
  }
  EXPECT_TRUE(Parse("submit").ok());
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (refused + service_.streams < kConnections * kStreams &&
         absl::Now() < deadline) {
    EXPECT_TRUE(Parse("submit").ok());
  }
  EXPECT_EQ(service_.streams, 1'000);
  EXPECT_EQ(refused, 9'000);
  for (OpenStream& stream : streams) stream.context.TryCancel();
  done.Wait();
  EXPECT_TRUE(Parse("flood").ok());
}

TEST_F(GuardedServerTest, EndsStreamsWhoseTokenIsTakenBackAndNoOthers) {
  Start({});
  grpc::ClientContext ended_context;
  ended_context.AddMetadata("authorization", "Bearer flood");
  const auto ended = stub_->StreamParse(&ended_context);
  grpc::ClientContext other_context;
  other_context.AddMetadata("authorization", "Bearer submit");
  const auto other = stub_->StreamParse(&other_context);
  const absl::Time deadline = absl::Now() + absl::Seconds(60);
  while (service_.streams < 2 && absl::Now() < deadline) {
    EXPECT_TRUE(Parse("submit").ok());
  }
  const std::string next = path_ + ".next";
  std::ofstream(next) << "submit sha256:"
                      << absl::BytesToHexString(Sha256("submit")) << " submit";
  ASSERT_EQ(std::rename(next.c_str(), path_.c_str()), 0);
  v1::StreamParseResponse response;
  EXPECT_FALSE(ended->Read(&response));
  const grpc::Status status = ended->Finish();
  EXPECT_EQ(status.error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_EQ(status.error_message(), "the token is not one of this server's");
  EXPECT_EQ(Parse("flood").error_code(), grpc::StatusCode::UNAUTHENTICATED);
  EXPECT_TRUE(other->Write({}));
  other_context.TryCancel();
  EXPECT_EQ(other->Finish().error_code(), grpc::StatusCode::CANCELLED);
}

TEST_F(GuardedServerTest, TellsWhenToComeAgain) {
  Start({.client_limits = {.calls_per_second = 1}});
  EXPECT_TRUE(Parse("submit").ok());
  const grpc::Status refused = Parse("submit");
  EXPECT_EQ(refused.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_THAT(refused.error_details(), HasSubstr("google.rpc.RetryInfo"));
  EXPECT_TRUE(Parse("admin").ok());
}

}  // namespace
}  // namespace dateline::rpc
