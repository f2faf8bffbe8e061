#include "parser/service.h"

#include <memory>
#include <string>
#include <utility>

#include "common/rpc/status.h"
#include "parser/core/page_verdict.h"

namespace dateline {
namespace {

grpc::Status Busy() {
  return grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                      "too many pages are waiting to be parsed; try again");
}

// Answers with what `call` returns, from a thread of the pool.
template <typename Request, typename Response>
grpc::ServerUnaryReactor* AnswerFrom(
    ThreadPool& pool, grpc::CallbackServerContext* context,
    const DeadLetters& letters,
    absl::StatusOr<Response> (DeadLetters::*call)(const Request&) const,
    const Request* request, Response* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const bool scheduled = pool.TrySchedule([=, &letters] {
    absl::StatusOr<Response> answer = (letters.*call)(*request);
    if (answer.ok()) *response = *std::move(answer);
    reactor->Finish(rpc::ToGrpcStatus(answer.status()));
  });
  if (!scheduled) {
    reactor->Finish(grpc::Status(grpc::StatusCode::RESOURCE_EXHAUSTED,
                                 "too many calls about dead letters are "
                                 "waiting; try again"));
  }
  return reactor;
}

// Fills an answer of either kind: article or reason, and the explanation where
// it was asked for.
template <typename Response>
void Answer(const v1::RawPage& page, bool explain, absl::Time now,
            PageReader& reader, Response* response) {
  PageTask task;
  task.raw_page = std::make_shared<const std::string>(page.SerializeAsString());
  task.now = now;
  task.explain = explain;
  PageVerdict verdict = ReadAndWait(reader, std::move(task));
  if (explain) {
    response->mutable_explanation()->ParseFromString(verdict.explanation);
  }
  if (verdict.has_article()) {
    response->mutable_article()->ParseFromString(verdict.article);
    return;
  }
  response->set_error(std::move(verdict.message));
  response->set_reason(verdict.reason);
}

// Reads a page, has it parsed on the pool, writes the answer, and so on: one
// page of a stream is in memory at a time.
class StreamParseReactor final
    : public grpc::ServerBidiReactor<v1::StreamParseRequest,
                                     v1::StreamParseResponse> {
 public:
  StreamParseReactor(ThreadPool& pool, PageReader& reader, const Clock& clock)
      : pool_(pool), reader_(reader), clock_(clock) {
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
    Answer(request_.page(), request_.explain(), clock_.Now(), reader_,
           &response_);
    StartWrite(&response_);
  }

  ThreadPool& pool_;
  PageReader& reader_;
  const Clock& clock_;
  v1::StreamParseRequest request_;
  v1::StreamParseResponse response_;
};

}  // namespace

grpc::ServerUnaryReactor* ParserServiceImpl::ParsePage(
    grpc::CallbackServerContext* context, const v1::ParsePageRequest* request,
    v1::ParsePageResponse* response) {
  grpc::ServerUnaryReactor* reactor = context->DefaultReactor();
  const auto parse = [this, reactor, request, response] {
    Answer(request->page(), request->explain(), clock_.Now(), reader_,
           response);
    reactor->Finish(request->explain() || response->has_article()
                        ? grpc::Status::OK
                        : grpc::Status(grpc::StatusCode::INVALID_ARGUMENT,
                                       response->error()));
  };
  if (!pool_.TrySchedule(parse)) reactor->Finish(Busy());
  return reactor;
}

grpc::ServerBidiReactor<v1::StreamParseRequest, v1::StreamParseResponse>*
ParserServiceImpl::StreamParse(grpc::CallbackServerContext*) {
  return new StreamParseReactor(pool_, reader_, clock_);
}

grpc::ServerUnaryReactor* ParserServiceImpl::ListDeadLetters(
    grpc::CallbackServerContext* context,
    const v1::ListDeadLettersRequest* request,
    v1::ListDeadLettersResponse* response) {
  return AnswerFrom(letters_pool_, context, letters_, &DeadLetters::List,
                    request, response);
}

grpc::ServerUnaryReactor* ParserServiceImpl::GetDeadLetter(
    grpc::CallbackServerContext* context,
    const v1::GetDeadLetterRequest* request,
    v1::GetDeadLetterResponse* response) {
  return AnswerFrom(letters_pool_, context, letters_, &DeadLetters::Get,
                    request, response);
}

grpc::ServerUnaryReactor* ParserServiceImpl::RedriveDeadLetters(
    grpc::CallbackServerContext* context,
    const v1::RedriveDeadLettersRequest* request,
    v1::RedriveDeadLettersResponse* response) {
  return AnswerFrom(letters_pool_, context, letters_, &DeadLetters::Redrive,
                    request, response);
}

}  // namespace dateline
