#include "parser/service.h"

#include <utility>

#include "common/rpc/status.h"
#include "parser/core/extract.h"

namespace dateline {
namespace {

grpc::Status Busy() {
  return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                      "too many pages are waiting to be parsed; try again");
}

grpc::ServerUnaryReactor* FinishNotYet(grpc::CallbackServerContext* context,
                                       absl::string_view method) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  reactor->Finish(rpc::NotYet(method));
  return reactor;
}

// Fills an answer of either kind: article or reason, and the explanation where
// it was asked for. Returns the extractor's status.
template <typename Response>
absl::Status Answer(const v1::RawPage& page, bool explain,
                    const ExtractOptions& options, Response* response) {
  Extraction extraction;
  absl::Status status;
  if (explain) {
    status = ExplainArticle(page, options, &extraction);
    *response->mutable_explanation() = std::move(extraction.explanation);
  } else if (auto extracted = ExtractArticle(page, options); extracted.ok()) {
    extraction = *std::move(extracted);
  } else {
    status = extracted.status();
  }
  if (status.ok()) {
    *response->mutable_article() = std::move(extraction.article);
  } else {
    response->set_error(std::string(status.message()));
    response->set_reason(DeadLetterReasonOf(status));
  }
  return status;
}

// Reads a page, has it parsed on the pool, writes the answer, and so on: one
// page of a stream is in memory at a time.
class StreamParseReactor final
    : public grpc::ServerBidiReactor<v1::StreamParseRequest,
                                     v1::StreamParseResponse> {
 public:
  StreamParseReactor(ThreadPool& pool, const Clock& clock,
                     const SiteRules* rules)
      : pool_(pool), clock_(clock), rules_(rules) {
    StartRead(&request_);
  }

  void OnReadDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status::OK);
    } else if (!pool_.TrySchedule([this] { Parse(); })) {
      Finish(Busy());
    }
  }

  void OnWriteDone(bool ok) override {
    if (!ok) {
      Finish(grpc::Status(grpc::StatusCode::CANCELLED, "the client is gone"));
      return;
    }
    request_.Clear();
    StartRead(&request_);
  }

  void OnDone() override { delete this; }

 private:
  void Parse() {
    response_.Clear();
    response_.set_url(request_.page().url());
    // The answer says what went wrong.
    (void)Answer(request_.page(), request_.explain(),
                 {.parse_time = clock_.Now(), .rules = rules_}, &response_);
    StartWrite(&response_);
  }

  ThreadPool& pool_;
  const Clock& clock_;
  const SiteRules* rules_;
  v1::StreamParseRequest request_;
  v1::StreamParseResponse response_;
};

}  // namespace

grpc::ServerUnaryReactor* ParserServiceImpl::ParsePage(
    grpc::CallbackServerContext* context, const v1::ParsePageRequest* request,
    v1::ParsePageResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto parse = [this, reactor, request, response] {
    const absl::Status status =
        Answer(request->page(), request->explain(),
               {.parse_time = clock_.Now(), .rules = rules_}, response);
    if (!status.ok() && !request->explain()) {
      reactor->Finish(grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                   std::string(status.message())));
      return;
    }
    reactor->Finish(grpc::Status::OK);
  };
  if (!pool_.TrySchedule(parse)) reactor->Finish(Busy());
  return reactor;
}

grpc::ServerBidiReactor<v1::StreamParseRequest, v1::StreamParseResponse>*
ParserServiceImpl::StreamParse(grpc::CallbackServerContext*) {
  return new StreamParseReactor(pool_, clock_, rules_);
}

grpc::ServerUnaryReactor* ParserServiceImpl::ListDeadLetters(
    grpc::CallbackServerContext* context, const v1::ListDeadLettersRequest*,
    v1::ListDeadLettersResponse*) {
  return FinishNotYet(context, "ListDeadLetters");
}

grpc::ServerUnaryReactor* ParserServiceImpl::GetDeadLetter(
    grpc::CallbackServerContext* context, const v1::GetDeadLetterRequest*,
    v1::GetDeadLetterResponse*) {
  return FinishNotYet(context, "GetDeadLetter");
}

grpc::ServerUnaryReactor* ParserServiceImpl::RedriveDeadLetters(
    grpc::CallbackServerContext* context, const v1::RedriveDeadLettersRequest*,
    v1::RedriveDeadLettersResponse*) {
  return FinishNotYet(context, "RedriveDeadLetters");
}

}  // namespace dateline
