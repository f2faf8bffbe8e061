#include "fetcher/service.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/rpc/status.h"
#include "common/url.h"
#include "fetcher/core/schedule.h"
#include "fetcher/core/source_rules.h"
#include "fetcher/import_stream.h"
#include "fetcher/watch_stream.h"

namespace dateline::fetcher {
namespace {

constexpr absl::Duration kShowTimeout = absl::Seconds(10);

grpc::ServerUnaryReactor* FinishWith(grpc::CallbackServerContext* context,
                                     const absl::Status& status) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(rpc::ToGrpcStatus(status));
  return reactor;
}

absl::Status NoSuchSource(absl::string_view name) {
  return absl::NotFoundError(absl::StrCat("There is no ", name, "."));
}

v1::UrlStatus StatusOf(const v1::UrlEntry& entry) {
  v1::UrlStatus status;
  status.set_url(entry.url());
  status.set_uid(PageUid(entry.url()));
  status.set_last_outcome(entry.last_outcome());
  status.set_last_reason(entry.last_reason());
  status.set_consecutive_failures(entry.consecutive_failures());
  status.set_last_status(entry.last_status());
  if (entry.has_last_fetch_time()) {
    *status.mutable_last_fetch_time() = entry.last_fetch_time();
  }
  const bool is_source = entry.purpose() == v1::FETCH_PURPOSE_SOURCE;
  if (!is_source) status.set_most_failures(kMostPageFailures);
  if (!entry.has_next_fetch_time()) {
    status.set_next_reason(entry.consecutive_failures() > 0
                               ? "It failed too often and was given up."
                               : "It will not be fetched again by itself.");
    return status;
  }
  *status.mutable_next_fetch_time() = entry.next_fetch_time();
  if (entry.consecutive_failures() > 0) {
    status.set_next_reason(
        is_source ? "It failed and is tried again, as often as it takes."
                  : absl::StrCat("It failed and is tried again, until it has "
                                 "failed ",
                                 kMostPageFailures, " times in a row."));
  } else if (is_source) {
    status.set_next_reason("It is a source and is read at its interval.");
  } else if (entry.last_outcome() == v1::FETCH_OUTCOME_UNSPECIFIED) {
    status.set_next_reason("It was not fetched yet.");
  } else {
    status.set_next_reason("It is looked at again for corrections.");
  }
  return status;
}

// Finishes a call with whichever status comes first.
class FinishOnce {
 public:
  explicit FinishOnce(grpc::ServerUnaryReactor* reactor) : reactor_(reactor) {}

  void operator()(const absl::Status& status) {
    grpc::ServerUnaryReactor* reactor = nullptr;
    {
      absl::MutexLock lock(&mutex_);
      std::swap(reactor, reactor_);
    }
    if (reactor != nullptr) reactor->Finish(rpc::ToGrpcStatus(status));
  }

 private:
  absl::Mutex mutex_;
  grpc::ServerUnaryReactor* reactor_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace

FetcherServiceImpl::FetcherServiceImpl(const TopicNames& topics, Worker* worker,
                                       SourceReader* sources,
                                       kafka::Producer* producer,
                                       EventHub* events, WarcImporter* importer,
                                       const Clock* clock)
    : topics_(topics),
      worker_(*worker),
      sources_(*sources),
      producer_(*producer),
      events_(*events),
      importer_(*importer),
      clock_(*clock),
      submit_target_{*worker, *producer, topics.frontier, *clock} {}

grpc::ServerBidiReactor<v1::SubmitUrlsRequest, v1::SubmitUrlsResponse>*
FetcherServiceImpl::SubmitUrls(grpc::CallbackServerContext*) {
  const std::shared_ptr<SubmitStream> stream =
      SubmitStream::Start(submit_target_);
  streams_.Add(stream);
  return stream.get();
}

grpc::ServerUnaryReactor* FetcherServiceImpl::GetUrlStatus(
    grpc::CallbackServerContext* context,
    const v1::GetUrlStatusRequest* request,
    v1::GetUrlStatusResponse* response) {
  const absl::StatusOr<std::string> url = CanonicalUrl(request->url());
  if (!url.ok()) return FinishWith(context, url.status());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  worker_.FindUpToDate(
      *url, [reactor, response](const absl::StatusOr<v1::UrlEntry>& entry) {
        if (entry.ok()) *response->mutable_status() = StatusOf(*entry);
        reactor->Finish(rpc::ToGrpcStatus(entry.status()));
      });
  return reactor;
}

grpc::ServerWriteReactor<v1::WatchFetchesResponse>*
FetcherServiceImpl::WatchFetches(grpc::CallbackServerContext*,
                                 const v1::WatchFetchesRequest* request) {
  const std::shared_ptr<WatchStream> stream =
      WatchStream::Start(request->host());
  events_.Add(stream);
  // Tells the caller from when on it hears of every fetch.
  stream->StartSendInitialMetadata();
  streams_.Add(stream);
  return stream.get();
}

absl::Status FetcherServiceImpl::SourcesReady() const {
  if (sources_.IsLoaded()) return absl::OkStatus();
  return absl::UnavailableError("The sources are still being read.");
}

grpc::ServerUnaryReactor* FetcherServiceImpl::CreateSource(
    grpc::CallbackServerContext* context,
    const v1::CreateSourceRequest* request,
    v1::CreateSourceResponse* response) {
  if (absl::Status ready = SourcesReady(); !ready.ok()) {
    return FinishWith(context, ready);
  }
  absl::StatusOr<v1::Source> source = NewSource(*request, clock_.Now());
  if (!source.ok()) return FinishWith(context, source.status());
  std::optional<v1::Source> taken = sources_.Find(source->name());
  if (taken.has_value() && request->source_id().empty() &&
      taken->url() != source->url()) {
    v1::CreateSourceRequest distinct = *request;
    distinct.set_source_id(SourceIdOf(source->url(), true));
    source = NewSource(distinct, clock_.Now());
    if (!source.ok()) return FinishWith(context, source.status());
    taken = sources_.Find(source->name());
  }
  if (taken.has_value()) {
    return FinishWith(context, absl::AlreadyExistsError(absl::StrCat(
                                   "There is a ", source->name(),
                                   " already, of ", taken->url(), ".")));
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  *response->mutable_source() = *source;
  WriteSource(source->name(), *source, reactor);
  return reactor;
}

grpc::ServerUnaryReactor* FetcherServiceImpl::GetSource(
    grpc::CallbackServerContext* context, const v1::GetSourceRequest* request,
    v1::GetSourceResponse* response) {
  if (absl::Status ready = SourcesReady(); !ready.ok()) {
    return FinishWith(context, ready);
  }
  std::optional<v1::Source> source = sources_.Find(request->name());
  if (!source.has_value()) {
    const absl::Status name = CheckSourceName(request->name());
    return FinishWith(context,
                      name.ok() ? NoSuchSource(request->name()) : name);
  }
  *response->mutable_source() = *std::move(source);
  return FinishWith(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FetcherServiceImpl::ListSources(
    grpc::CallbackServerContext* context, const v1::ListSourcesRequest* request,
    v1::ListSourcesResponse* response) {
  if (absl::Status ready = SourcesReady(); !ready.ok()) {
    return FinishWith(context, ready);
  }
  absl::StatusOr<v1::ListSourcesResponse> page = sources_.List(*request);
  if (!page.ok()) return FinishWith(context, page.status());
  *response = *std::move(page);
  return FinishWith(context, absl::OkStatus());
}

grpc::ServerUnaryReactor* FetcherServiceImpl::UpdateSource(
    grpc::CallbackServerContext* context,
    const v1::UpdateSourceRequest* request,
    v1::UpdateSourceResponse* response) {
  if (absl::Status ready = SourcesReady(); !ready.ok()) {
    return FinishWith(context, ready);
  }
  const std::string& name = request->source().name();
  if (absl::Status checked = CheckSourceName(name); !checked.ok()) {
    return FinishWith(context, checked);
  }
  const std::optional<v1::Source> present = sources_.Find(name);
  if (!present.has_value()) return FinishWith(context, NoSuchSource(name));
  const absl::StatusOr<v1::Source> changed =
      ChangedSource(*present, *request, clock_.Now());
  if (!changed.ok()) return FinishWith(context, changed.status());
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  *response->mutable_source() = *changed;
  WriteSource(name, *changed, reactor);
  return reactor;
}

grpc::ServerUnaryReactor* FetcherServiceImpl::DeleteSource(
    grpc::CallbackServerContext* context,
    const v1::DeleteSourceRequest* request, v1::DeleteSourceResponse*) {
  if (absl::Status ready = SourcesReady(); !ready.ok()) {
    return FinishWith(context, ready);
  }
  if (absl::Status name = CheckSourceName(request->name()); !name.ok()) {
    return FinishWith(context, name);
  }
  if (!sources_.Find(request->name()).has_value()) {
    return FinishWith(context, NoSuchSource(request->name()));
  }
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  WriteSource(request->name(), std::nullopt, reactor);
  return reactor;
}

void FetcherServiceImpl::WriteSource(const std::string& name,
                                     const std::optional<v1::Source>& source,
                                     grpc::ServerUnaryReactor* reactor) {
  const auto finish = std::make_shared<FinishOnce>(reactor);
  kafka::OutgoingRecord record;
  record.topic = topics_.sources;
  record.key = name;
  std::optional<std::string> etag;
  if (source.has_value()) {
    record.value = source->SerializeAsString();
    etag = source->etag();
  }
  sources_.WhenShown(
      name, std::move(etag), kShowTimeout,
      [finish](const absl::Status& status) { (*finish)(status); });
  producer_.Send(std::move(record), [finish](const absl::Status& status) {
    if (!status.ok()) (*finish)(status);
  });
}

grpc::ServerWriteReactor<v1::ImportWarcResponse>*
FetcherServiceImpl::ImportWarc(grpc::CallbackServerContext*,
                               const v1::ImportWarcRequest* request) {
  const std::shared_ptr<ImportStream> stream = ImportStream::Start();
  streams_.Add(stream);
  importer_.Start(request->path(), stream);
  return stream.get();
}

}  // namespace dateline::fetcher
