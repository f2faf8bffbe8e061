#include "common/rpc/reflection/reflection_v1.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/descriptor.pb.h>

#include <set>
#include <utility>

#include "absl/strings/str_cat.h"

namespace dateline::rpc {
namespace {

namespace v1 = grpc::reflection::v1;
using google::protobuf::DescriptorPool;
using google::protobuf::FileDescriptor;

// The file and all that it imports, each once.
void AddWithImports(const FileDescriptor& file,
                    v1::FileDescriptorResponse& response) {
  std::set<const FileDescriptor*> seen = {&file};
  std::vector<const FileDescriptor*> open = {&file};
  while (!open.empty()) {
    const FileDescriptor* next = open.back();
    open.pop_back();
    google::protobuf::FileDescriptorProto proto;
    next->CopyTo(&proto);
    proto.SerializeToString(response.add_file_descriptor_proto());
    for (int i = 0; i < next->dependency_count(); ++i) {
      if (seen.insert(next->dependency(i)).second) {
        open.push_back(next->dependency(i));
      }
    }
  }
}

void AnswerFile(const FileDescriptor* file, absl::string_view asked,
                v1::ServerReflectionResponse& response) {
  if (file != nullptr) {
    AddWithImports(*file, *response.mutable_file_descriptor_response());
    return;
  }
  response.mutable_error_response()->set_error_code(
      grpc::StatusCode::NOT_FOUND);
  response.mutable_error_response()->set_error_message(
      absl::StrCat("no such file or symbol: ", asked));
}

class Reactor final
    : public grpc::ServerBidiReactor<v1::ServerReflectionRequest,
                                     v1::ServerReflectionResponse> {
 public:
  explicit Reactor(const std::vector<std::string>& services)
      : services_(services) {
    StartRead(&request_);
  }
  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
      return;
    }
    response_ = Reflect(request_, services_);
    StartWrite(&response_);
  }
  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::CANCELLED);
      return;
    }
    StartRead(&request_);
  }
  void OnDone() override { delete this; }

 private:
  const std::vector<std::string>& services_;
  v1::ServerReflectionRequest request_;
  v1::ServerReflectionResponse response_;
};

}  // namespace

v1::ServerReflectionResponse Reflect(const v1::ServerReflectionRequest& request,
                                     const std::vector<std::string>& services) {
  v1::ServerReflectionResponse response;
  response.set_valid_host(request.host());
  *response.mutable_original_request() = request;
  const DescriptorPool& pool = *DescriptorPool::generated_pool();
  switch (request.message_request_case()) {
    case v1::ServerReflectionRequest::kListServices:
      for (const std::string& name : services) {
        response.mutable_list_services_response()->add_service()->set_name(
            name);
      }
      break;
    case v1::ServerReflectionRequest::kFileByFilename:
      AnswerFile(pool.FindFileByName(request.file_by_filename()),
                 request.file_by_filename(), response);
      break;
    case v1::ServerReflectionRequest::kFileContainingSymbol:
      AnswerFile(
          pool.FindFileContainingSymbol(request.file_containing_symbol()),
          request.file_containing_symbol(), response);
      break;
    default:
      response.mutable_error_response()->set_error_code(
          grpc::StatusCode::UNIMPLEMENTED);
      response.mutable_error_response()->set_error_message(
          "extensions are not looked up");
  }
  return response;
}

void ReflectionV1::SetServices(std::vector<std::string> names) {
  services_ = std::move(names);
}

grpc::ServerBidiReactor<v1::ServerReflectionRequest,
                        v1::ServerReflectionResponse>*
ReflectionV1::ServerReflectionInfo(grpc::CallbackServerContext*) {
  return new Reactor(services_);
}

}  // namespace dateline::rpc
