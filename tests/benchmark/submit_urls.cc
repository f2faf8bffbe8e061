// Submits the URLs on standard input, one a line, and waits for an answer to
// each; prints how many were accepted.
//
//   dateline-submit-urls HOST:PORT <urls

#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <iostream>
#include <string>
#include <thread>

#include "dateline/v1/fetcher_service.grpc.pb.h"

namespace {

namespace v1 = dateline::v1;

using Stream =
    grpc::ClientReaderWriter<v1::SubmitUrlsRequest, v1::SubmitUrlsResponse>;

size_t CountAccepted(Stream& stream) {
  size_t accepted = 0;
  v1::SubmitUrlsResponse response;
  while (stream.Read(&response)) {
    if (response.result() == v1::SUBMIT_RESULT_ACCEPTED) ++accepted;
  }
  return accepted;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    std::cerr << "usage: dateline-submit-urls HOST:PORT <urls\n";
    return 2;
  }
  const auto stub = v1::FetcherService::NewStub(
      grpc::CreateChannel(argv[1], grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  const auto stream = stub->SubmitUrls(&context);
  size_t accepted = 0;
  std::thread reader([&] { accepted = CountAccepted(*stream); });
  v1::SubmitUrlsRequest request;
  for (std::string line; std::getline(std::cin, line);) {
    request.set_url(line);
    if (!stream->Write(request, grpc::WriteOptions().set_buffer_hint())) break;
  }
  stream->WritesDone();
  reader.join();
  const grpc::Status status = stream->Finish();
  if (!status.ok()) {
    std::cerr << "dateline-submit-urls: " << status.error_message() << "\n";
    return 1;
  }
  std::printf("%zu\n", accepted);
  return 0;
}
