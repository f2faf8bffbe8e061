#include "common/rpc/guarded_service.h"

#include <grpc/grpc.h>
#include <grpcpp/grpcpp.h>
#include <grpcpp/impl/codegen/server_callback_handlers.h>
#include <grpcpp/impl/rpc_service_method.h>

#include <deque>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/status.h"

namespace dateline::rpc {
namespace {

using ::grpc::ByteBuffer;
using ::grpc::internal::MethodHandler;
using ::grpc::internal::RpcMethod;

// A service's handlers are for those that derive from it.
struct Handlers : grpc::Service {
  static MethodHandler* Of(grpc::Service& service, int index) {
    return (service.*(&Handlers::GetHandler))(index);
  }
};

std::string ToString(grpc::string_ref text) {
  return std::string(text.data(), text.size());
}

Caller CallerOf(const grpc::ServerContextBase& context) {
  Caller caller;
  caller.address = context.peer();
  const auto [first, last] =
      context.client_metadata().equal_range("authorization");
  for (auto entry = first; entry != last; ++entry) {
    caller.authorizations.push_back(ToString(entry->second));
  }
  const auto authenticated = context.auth_context();
  if (authenticated != nullptr && authenticated->IsPeerAuthenticated()) {
    const auto names = authenticated->GetPeerIdentity();
    if (!names.empty()) caller.certificate = ToString(names[0]);
  }
  return caller;
}

template <typename Base>
class Refusal final : public Base {
 public:
  explicit Refusal(const grpc::Status& status) { this->Finish(status); }
  void OnDone() override { delete this; }
};

// Ends every call with `status`.
std::unique_ptr<MethodHandler> RefusingHandler(RpcMethod::RpcType type,
                                               grpc::Status status) {
  using Context = grpc::CallbackServerContext;
  switch (type) {
    case RpcMethod::NORMAL_RPC:
      return std::make_unique<
          grpc::internal::CallbackUnaryHandler<ByteBuffer, ByteBuffer>>(
          [status](Context*, const ByteBuffer*, ByteBuffer*) {
            return new Refusal<grpc::ServerUnaryReactor>(status);
          });
    case RpcMethod::SERVER_STREAMING:
      return std::make_unique<grpc::internal::CallbackServerStreamingHandler<
          ByteBuffer, ByteBuffer>>([status](Context*, const ByteBuffer*) {
        return new Refusal<grpc::ServerWriteReactor<ByteBuffer>>(status);
      });
    case RpcMethod::CLIENT_STREAMING:
      return std::make_unique<grpc::internal::CallbackClientStreamingHandler<
          ByteBuffer, ByteBuffer>>([status](Context*, ByteBuffer*) {
        return new Refusal<grpc::ServerReadReactor<ByteBuffer>>(status);
      });
    case RpcMethod::BIDI_STREAMING:
      break;
  }
  return std::make_unique<
      grpc::internal::CallbackBidiHandler<ByteBuffer, ByteBuffer>>(
      [status](Context*) {
        return new Refusal<grpc::ServerBidiReactor<ByteBuffer, ByteBuffer>>(
            status);
      });
}

// Ends `call` with a status; the call is there until the function is not.
Guard::End Ending(grpc_call* call) {
  grpc_call_ref(call);
  const std::shared_ptr<grpc_call> held(call, grpc_call_unref);
  return [held](const absl::Status& status) {
    grpc_call_cancel_with_status(
        held.get(), static_cast<grpc_status_code>(status.code()),
        std::string(status.message()).c_str(), nullptr);
  };
}

class GuardedHandler final : public MethodHandler {
 public:
  GuardedHandler(MethodHandler& inner, const std::string& method,
                 RpcMethod::RpcType type, Guard& guard)
      : inner_(inner), method_(method), type_(type), guard_(guard) {}

  // Leaves the request as it came until it is known whether it is wanted.
  void* Deserialize(grpc_call*, grpc_byte_buffer* request, grpc::Status*,
                    void**) override {
    return request;
  }

  void RunHandler(const HandlerParameter& parameter) override {
    absl::StatusOr<ClientLimits::Slot> slot = Admit(parameter);
    if (slot.ok()) {
      Run(inner_, parameter, *std::move(slot));
      return;
    }
    const std::shared_ptr<MethodHandler> refusing =
        RefusingHandler(type_, ToGrpcStatus(slot.status()));
    Run(*refusing, parameter, refusing);
  }

 private:
  absl::StatusOr<ClientLimits::Slot> Admit(
      const HandlerParameter& parameter) const {
    const Caller caller = CallerOf(*parameter.server_context);
    if (type_ == RpcMethod::NORMAL_RPC) {
      return guard_.Admit(method_, caller, absl::Now());
    }
    return guard_.AdmitStream(method_, caller, absl::Now(),
                              Ending(parameter.call->call()));
  }

  // `held` lives until the call is over, and no longer than the server, which
  // waits for the requesters of its calls.
  void Run(MethodHandler& handler, const HandlerParameter& parameter,
           std::shared_ptr<void> held) const {
    void* request = nullptr;
    void* data = nullptr;
    grpc::Status status = parameter.status;
    if (type_ == RpcMethod::NORMAL_RPC ||
        type_ == RpcMethod::SERVER_STREAMING) {
      request = handler.Deserialize(
          parameter.call->call(),
          static_cast<grpc_byte_buffer*>(parameter.request), &status, &data);
    }
    // Functions are copied; what they share is let go of once.
    auto shared = std::make_shared<std::shared_ptr<void>>(std::move(held));
    handler.RunHandler(HandlerParameter(
        parameter.call, parameter.server_context, request, status, data,
        [shared = std::move(shared), requester = parameter.call_requester] {
          shared->reset();
          if (requester != nullptr) requester();
        }));
  }

  MethodHandler& inner_;
  const std::string& method_;
  const RpcMethod::RpcType type_;
  Guard& guard_;
};

RpcMethod::RpcType TypeOf(const google::protobuf::MethodDescriptor& method) {
  if (method.client_streaming()) {
    return method.server_streaming() ? RpcMethod::BIDI_STREAMING
                                     : RpcMethod::CLIENT_STREAMING;
  }
  return method.server_streaming() ? RpcMethod::SERVER_STREAMING
                                   : RpcMethod::NORMAL_RPC;
}

class GuardedService final : public grpc::Service {
 public:
  // Generated services have their methods in the descriptor's order.
  absl::Status Add(grpc::Service& inner, int index,
                   const google::protobuf::MethodDescriptor& method,
                   absl::string_view service, Guard& guard) {
    const std::string& name =
        names_.emplace_back(absl::StrCat("/", service, "/", method.name()));
    if (!RequiredRole(name).has_value()) {
      return absl::InternalError(absl::StrCat(
          name, " has no role in the table of common/rpc/role.cc"));
    }
    MethodHandler* const handler = Handlers::Of(inner, index);
    if (handler == nullptr) {
      return absl::InternalError(
          absl::StrCat(name, " is not served by callbacks"));
    }
    const RpcMethod::RpcType type = TypeOf(method);
    AddMethod(
        new grpc::internal::RpcServiceMethod(name.c_str(), type, nullptr));
    MarkMethodCallback(index, new GuardedHandler(*handler, name, type, guard));
    return absl::OkStatus();
  }

 private:
  std::deque<std::string> names_;  // gRPC keeps pointers to them
};

}  // namespace

absl::StatusOr<std::unique_ptr<grpc::Service>> GuardService(
    grpc::Service& inner, const google::protobuf::ServiceDescriptor& descriptor,
    absl::string_view name, Guard& guard) {
  auto service = std::make_unique<GuardedService>();
  for (int i = 0; i < descriptor.method_count(); ++i) {
    absl::Status status =
        service->Add(inner, i, *descriptor.method(i), name, guard);
    if (!status.ok()) return status;
  }
  return service;
}

}  // namespace dateline::rpc
