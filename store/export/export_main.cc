// dateline-export: writes the store's articles to a file.

#include <grpcpp/grpcpp.h>
#include <signal.h>
#include <unistd.h>

#include <iostream>
#include <memory>
#include <string>
#include <thread>

#include "absl/flags/flag.h"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/rpc/channel.h"
#include "common/service_main.h"
#include "dateline/v1/article_store_service.grpc.pb.h"
#include "google/protobuf/util/field_mask_util.h"
#include "store/export/article_sink.h"
#include "store/export/export_progress.h"
#include "store/export/partial_file.h"

ABSL_FLAG(std::string, store, "127.0.0.1:7403", "Where the store serves gRPC");
ABSL_FLAG(std::string, filter, "",
          "Only articles under this filter (docs/query.md); all where empty");
ABSL_FLAG(std::string, read_mask, "",
          "Only these fields of an article, 'uid,headline'; all where empty");
ABSL_FLAG(std::string, format, "",
          "jsonl or parquet; where empty, parquet if --output ends in "
          "'.parquet', else jsonl");
ABSL_FLAG(std::string, output, "-",
          "The file to write, which appears when it is whole; '-' for standard "
          "output, for jsonl only");

namespace dateline::store {
namespace {

// Cancels a call at SIGTERM or SIGINT, as long as this lives.
class CancelAtSignal {
 public:
  explicit CancelAtSignal(grpc::ClientContext& context)
      : thread_([&context] {
          WaitForTermination();
          context.TryCancel();
        }) {}
  ~CancelAtSignal() {
    pthread_kill(thread_.native_handle(), SIGTERM);
    thread_.join();
  }

 private:
  std::thread thread_;
};

absl::StatusOr<bool> WantsParquet() {
  const std::string format = absl::GetFlag(FLAGS_format);
  const std::string output = absl::GetFlag(FLAGS_output);
  if (format != "" && format != "jsonl" && format != "parquet") {
    return absl::InvalidArgumentError(absl::StrCat(
        "--format is jsonl or parquet, not '", format, "'; see --help"));
  }
  if (format.empty()) return absl::EndsWith(output, ".parquet");
  if (format == "parquet" && output == "-") {
    return absl::InvalidArgumentError(
        "Parquet can't be written to standard output; name a file by --output");
  }
  return format == "parquet";
}

v1::ExportArticlesRequest Request() {
  v1::ExportArticlesRequest request;
  request.set_filter(absl::GetFlag(FLAGS_filter));
  google::protobuf::util::FieldMaskUtil::FromString(
      absl::GetFlag(FLAGS_read_mask), request.mutable_read_mask());
  return request;
}

std::unique_ptr<v1::ArticleStoreService::Stub> Connect(
    const rpc::ClientAccess& access) {
  grpc::ChannelArguments arguments;
  arguments.SetMaxReceiveMessageSize(-1);
  return v1::ArticleStoreService::NewStub(grpc::CreateCustomChannel(
      absl::GetFlag(FLAGS_store), access.credentials, arguments));
}

absl::Status FromStore(const grpc::Status& status) {
  return absl::Status(static_cast<absl::StatusCode>(status.error_code()),
                      absl::StrCat("store at ", absl::GetFlag(FLAGS_store),
                                   ": ", status.error_message()));
}

// Adds what comes to `sink`; returns how many.
absl::StatusOr<int64_t> Receive(
    grpc::ClientReader<v1::ExportArticlesResponse>& stream, ArticleSink& sink,
    ExportProgress& progress) {
  int64_t received = 0;
  int64_t total = 0;
  v1::ExportArticlesResponse response;
  while (stream.Read(&response)) {
    absl::Status status = sink.Add(response.article());
    if (!status.ok()) return status;
    ++received;
    total = response.total();
    if (const auto told = progress.Told(absl::Now(), received, total)) {
      std::cerr << *told << std::flush;
    }
  }
  const grpc::Status status = stream.Finish();
  if (!status.ok()) return FromStore(status);
  if (received != total) {
    return absl::DataLossError(
        absl::StrCat("the store sent ", received, " of ", total, " articles"));
  }
  return received;
}

absl::Status Run() {
  const absl::StatusOr<bool> parquet = WantsParquet();
  if (!parquet.ok()) return parquet.status();
  const absl::StatusOr<rpc::ClientAccess> access =
      rpc::ClientAccessFromFlags(absl::GetFlag(FLAGS_store));
  if (!access.ok()) return access.status();
  const std::string output = absl::GetFlag(FLAGS_output);
  PartialFile file(output);
  absl::StatusOr<std::unique_ptr<ArticleSink>> sink =
      *parquet ? NewParquetSink(file.path()) : NewJsonLinesSink(file.path());
  if (!sink.ok()) return sink.status();
  ExportProgress progress(absl::Now(), isatty(STDERR_FILENO) == 1);
  const auto stub = Connect(*access);
  grpc::ClientContext context;
  access->Apply(context);
  const CancelAtSignal cancel(context);
  const auto stream = stub->ExportArticles(&context, Request());
  const absl::StatusOr<int64_t> received = Receive(*stream, **sink, progress);
  if (!received.ok()) {
    context.TryCancel();
    return received.status();
  }
  absl::Status status = (*sink)->Finish();
  if (status.ok()) status = file.Commit();
  if (!status.ok()) return status;
  std::cerr << progress.Done(absl::Now(), *received, output);
  return absl::OkStatus();
}

}  // namespace
}  // namespace dateline::store

int main(int argc, char** argv) {
  dateline::InitMain(argc, argv,
                     "dateline-export: writes the store's articles to a file, "
                     "as JSON Lines or Parquet.");
  const absl::Status status = dateline::store::Run();
  return status.ok() ? 0 : dateline::FailMain("dateline-export", status);
}
