#ifndef DATELINE_FETCHER_SERVICE_H_
#define DATELINE_FETCHER_SERVICE_H_

#include <optional>
#include <string>

#include "common/clock.h"
#include "common/kafka/producer.h"
#include "common/topics.h"
#include "dateline/v1/fetcher_service.grpc.pb.h"
#include "fetcher/event_hub.h"
#include "fetcher/open_streams.h"
#include "fetcher/source_reader.h"
#include "fetcher/submit_stream.h"
#include "fetcher/warc_importer.h"
#include "fetcher/worker.h"

namespace dateline::fetcher {

// FetcherService. Nothing in it blocks.
//
// Limitations: GetUrlStatus answers for hosts that this replica owns and is
// UNAVAILABLE for others. Two replicas that create a source of one name at the
// same moment both succeed, and the later one holds.
class FetcherServiceImpl final : public v1::FetcherService::CallbackService {
 public:
  // All must outlive the service.
  FetcherServiceImpl(const TopicNames& topics, Worker* worker,
                     SourceReader* sources, kafka::Producer* producer,
                     EventHub* events, WarcImporter* importer,
                     const Clock* clock);

  // Ends calls that would go on for ever; new ones end at once.
  void EndStreams() { streams_.EndAll(); }

  grpc::ServerBidiReactor<v1::SubmitUrlsRequest, v1::SubmitUrlsResponse>*
  SubmitUrls(grpc::CallbackServerContext* context) override;
  grpc::ServerUnaryReactor* GetUrlStatus(
      grpc::CallbackServerContext* context,
      const v1::GetUrlStatusRequest* request,
      v1::GetUrlStatusResponse* response) override;
  grpc::ServerWriteReactor<v1::WatchFetchesResponse>* WatchFetches(
      grpc::CallbackServerContext* context,
      const v1::WatchFetchesRequest* request) override;
  grpc::ServerUnaryReactor* CreateSource(
      grpc::CallbackServerContext* context,
      const v1::CreateSourceRequest* request,
      v1::CreateSourceResponse* response) override;
  grpc::ServerUnaryReactor* GetSource(grpc::CallbackServerContext* context,
                                      const v1::GetSourceRequest* request,
                                      v1::GetSourceResponse* response) override;
  grpc::ServerUnaryReactor* ListSources(
      grpc::CallbackServerContext* context,
      const v1::ListSourcesRequest* request,
      v1::ListSourcesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateSource(
      grpc::CallbackServerContext* context,
      const v1::UpdateSourceRequest* request,
      v1::UpdateSourceResponse* response) override;
  grpc::ServerUnaryReactor* DeleteSource(
      grpc::CallbackServerContext* context,
      const v1::DeleteSourceRequest* request,
      v1::DeleteSourceResponse* response) override;
  grpc::ServerWriteReactor<v1::ImportWarcResponse>* ImportWarc(
      grpc::CallbackServerContext* context,
      const v1::ImportWarcRequest* request) override;

 private:
  // kUnavailable until the sources are read.
  absl::Status SourcesReady() const;
  // Writes the record (none: its deletion), and finishes the call once the
  // table shows it, or with what went wrong.
  void WriteSource(const std::string& name,
                   const std::optional<v1::Source>& source,
                   grpc::ServerUnaryReactor* reactor);

  const TopicNames topics_;
  Worker& worker_;
  SourceReader& sources_;
  kafka::Producer& producer_;
  EventHub& events_;
  WarcImporter& importer_;
  const Clock& clock_;
  const SubmitTarget submit_target_;
  OpenStreams streams_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_SERVICE_H_
