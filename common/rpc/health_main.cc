// Asks gRPC servers how they are.

#include <grpcpp/grpcpp.h>

#include <iostream>
#include <string>
#include <vector>

#include "absl/flags/flag.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "absl/time/time.h"
#include "common/service_main.h"
#include "rpc/reflection/health.grpc.pb.h"

ABSL_FLAG(std::string, service, "",
          "The service to ask about: empty for all that a server does, 'live' "
          "for whether it runs at all");
ABSL_FLAG(absl::Duration, timeout, absl::Seconds(5),
          "How long to wait until all are serving");

namespace dateline {
namespace {

constexpr absl::Duration kPause = absl::Milliseconds(200);

using grpc::health::v1::Health;
using grpc::health::v1::HealthCheckRequest;
using grpc::health::v1::HealthCheckResponse;

// "SERVING", another state, or why there is no answer.
std::string StateOf(Health::Stub& server, absl::Time deadline) {
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(deadline));
  context.set_wait_for_ready(true);
  HealthCheckRequest request;
  request.set_service(absl::GetFlag(FLAGS_service));
  HealthCheckResponse response;
  const grpc::Status status = server.Check(&context, request, &response);
  return status.ok()
             ? HealthCheckResponse::ServingStatus_Name(response.status())
             : status.error_message();
}

// Asks until it serves or `deadline`; prints the last answer.
bool AwaitServing(const std::string& address, absl::Time deadline) {
  const auto server = Health::NewStub(
      grpc::CreateChannel(address, grpc::InsecureChannelCredentials()));
  std::string state = StateOf(*server, deadline);
  while (state != "SERVING" && absl::Now() + kPause < deadline) {
    absl::SleepFor(kPause);
    state = StateOf(*server, deadline);
  }
  std::cout << address << " " << state << "\n";
  return state == "SERVING";
}

int Run(const std::vector<std::string>& addresses) {
  if (addresses.empty()) {
    return FailMain("dateline-health",
                    absl::InvalidArgumentError("name a server, HOST:PORT"));
  }
  const absl::Time deadline = absl::Now() + absl::GetFlag(FLAGS_timeout);
  bool all = true;
  for (const std::string& address : addresses) {
    all = AwaitServing(address, deadline) && all;
  }
  return all ? 0 : 1;
}

}  // namespace
}  // namespace dateline

int main(int argc, char** argv) {
  return dateline::Run(dateline::InitMainWithArguments(
      argc, argv,
      "dateline-health HOST:PORT...: asks gRPC servers for their health "
      "(grpc.health.v1) and ends with 0 if all are serving."));
}
