// Calls a server as no good client does, from ten connections, and prints how
// the calls ended, {"STATUS": COUNT, ...}.
//
//   dateline-flood HOST:PORT METHOD CA TOKEN_FILE message BYTES
//   dateline-flood HOST:PORT METHOD CA TOKEN_FILE streams|watches COUNT
//
// CA is the file of the authorities of the server's certificate. `message`
// sends one request of so many bytes. `streams` opens so many calls without a
// request, `watches` with an empty one, prints "refused N" at each thousand
// that the server has ended, and holds the others until standard input ends.

#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/grpcpp.h>

#include <cstdlib>
#include <deque>
#include <fstream>
#include <iostream>
#include <iterator>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace {

constexpr int kConnections = 10;

std::string ReadAll(std::istream& file) {
  return std::string(std::istreambuf_iterator<char>(file),
                     std::istreambuf_iterator<char>());
}

std::string StatusName(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return "OK";
    case grpc::StatusCode::CANCELLED:
      return "CANCELLED";
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
      return "RESOURCE_EXHAUSTED";
    default:
      return std::to_string(code);
  }
}

// Counts how calls end. Thread-safe.
class Ends {
 public:
  void Add(const grpc::Status& status) {
    absl::MutexLock lock(&mutex_);
    ++counts_[StatusName(status.error_code())];
    if (++count_ % 1000 == 0 && !closing_) {
      std::cout << "refused " << count_ << std::endl;
    }
  }
  void Close() {
    absl::MutexLock lock(&mutex_);
    closing_ = true;
  }
  void Await(int count) {
    absl::MutexLock lock(&mutex_);
    const auto all = [this, count]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
      return count_ == count;
    };
    mutex_.Await(absl::Condition(&all));
  }
  void Print() {
    absl::MutexLock lock(&mutex_);
    const char* separator = "{";
    for (const auto& [name, count] : counts_) {
      std::cout << separator << '"' << name << "\": " << count;
      separator = ", ";
    }
    std::cout << "}" << std::endl;
  }

 private:
  absl::Mutex mutex_;
  std::map<std::string, int> counts_ ABSL_GUARDED_BY(mutex_);
  int count_ ABSL_GUARDED_BY(mutex_) = 0;
  bool closing_ ABSL_GUARDED_BY(mutex_) = false;
};

class Call final
    : public grpc::ClientBidiReactor<grpc::ByteBuffer, grpc::ByteBuffer> {
 public:
  // `request` may be null, else must outlive the call.
  Call(grpc::GenericStub& stub, const std::string& method,
       const std::string& token, const grpc::ByteBuffer* request, Ends& ends)
      : ends_(ends) {
    context.AddMetadata("authorization", "Bearer " + token);
    stub.PrepareBidiStreamingCall(&context, method, {}, this);
    if (request != nullptr) StartWriteLast(request, {});
    StartCall();
  }
  void OnDone(const grpc::Status& status) override { ends_.Add(status); }

  grpc::ClientContext context;

 private:
  Ends& ends_;
};

// Of slices that share their memory.
grpc::ByteBuffer Message(size_t bytes) {
  const grpc::Slice piece(std::string(1 << 20, 'x'));
  const std::vector<grpc::Slice> slices(bytes >> 20, piece);
  return grpc::ByteBuffer(slices.data(), slices.size());
}

grpc::ByteBuffer EmptyMessage() {
  const grpc::Slice nothing("");
  return grpc::ByteBuffer(&nothing, 1);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 7) {
    std::cerr << "usage: dateline-flood HOST:PORT METHOD CA TOKEN_FILE "
                 "message|streams|watches BYTES|COUNT\n";
    return 2;
  }
  const std::string method = argv[2];
  std::ifstream ca(argv[3]);
  std::ifstream token_file(argv[4]);
  const std::string token = ReadAll(token_file);
  const std::string what = argv[5];
  const int number = std::atoi(argv[6]);
  const bool one = what == "message";
  const grpc::ByteBuffer request =
      one ? Message(static_cast<size_t>(number)) : EmptyMessage();
  grpc::SslCredentialsOptions options;
  options.pem_root_certs = ReadAll(ca);
  std::vector<std::unique_ptr<grpc::GenericStub>> stubs;
  for (int i = 0; i < kConnections; ++i) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    stubs.push_back(
        std::make_unique<grpc::GenericStub>(grpc::CreateCustomChannel(
            argv[1], grpc::SslCredentials(options), arguments)));
  }
  Ends ends;
  std::deque<Call> calls;
  const int count = one ? 1 : number;
  for (int i = 0; i < count; ++i) {
    calls.emplace_back(*stubs[static_cast<size_t>(i % kConnections)], method,
                       token, what == "streams" ? nullptr : &request, ends);
  }
  if (!one) {
    ReadAll(std::cin);
    ends.Close();
    for (Call& call : calls) call.context.TryCancel();
  }
  ends.Await(count);
  ends.Print();
  return 0;
}
