#ifndef DATELINE_COMMON_RPC_REFLECTION_REFLECTION_V1_H_
#define DATELINE_COMMON_RPC_REFLECTION_REFLECTION_V1_H_

#include <string>
#include <vector>

#include "rpc/reflection/reflection_v1.grpc.pb.h"

namespace dateline::rpc {

// Server reflection, version 1, over the messages linked into the program.
// Extensions are not looked up: Dateline's protocol has none.
class ReflectionV1 final
    : public grpc::reflection::v1::ServerReflection::CallbackService {
 public:
  // Fully qualified names of what the server serves. Before the first call.
  void SetServices(std::vector<std::string> names);

  grpc::ServerBidiReactor<grpc::reflection::v1::ServerReflectionRequest,
                          grpc::reflection::v1::ServerReflectionResponse>*
  ServerReflectionInfo(grpc::CallbackServerContext* context) override;

 private:
  std::vector<std::string> services_;
};

// The answer to one question. Pure.
grpc::reflection::v1::ServerReflectionResponse Reflect(
    const grpc::reflection::v1::ServerReflectionRequest& request,
    const std::vector<std::string>& services);

}  // namespace dateline::rpc

#endif  // DATELINE_COMMON_RPC_REFLECTION_REFLECTION_V1_H_
