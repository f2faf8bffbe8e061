#ifndef DATELINE_PARSER_SERVICE_H_
#define DATELINE_PARSER_SERVICE_H_

#include "common/clock.h"
#include "common/thread_pool.h"
#include "dateline/v1/parser_service.grpc.pb.h"
#include "parser/dead_letters.h"
#include "parser/page_reader.h"

namespace dateline {

// ParserService: extraction on demand by the reader, which the pool's threads
// wait for, and the care of dead letters, on threads of `letters_pool`. Where a
// pool's queue is full, calls end with RESOURCE_EXHAUSTED.
class ParserServiceImpl final : public v1::ParserService::CallbackService {
 public:
  // All must outlive the service.
  ParserServiceImpl(ThreadPool& pool, PageReader& reader, const Clock& clock,
                    ThreadPool& letters_pool, const DeadLetters& letters)
      : pool_(pool),
        reader_(reader),
        clock_(clock),
        letters_pool_(letters_pool),
        letters_(letters) {}

  grpc::ServerUnaryReactor* ParsePage(grpc::CallbackServerContext* context,
                                      const v1::ParsePageRequest* request,
                                      v1::ParsePageResponse* response) override;
  grpc::ServerBidiReactor<v1::StreamParseRequest, v1::StreamParseResponse>*
  StreamParse(grpc::CallbackServerContext* context) override;

  grpc::ServerUnaryReactor* ListDeadLetters(
      grpc::CallbackServerContext* context,
      const v1::ListDeadLettersRequest* request,
      v1::ListDeadLettersResponse* response) override;
  grpc::ServerUnaryReactor* GetDeadLetter(
      grpc::CallbackServerContext* context,
      const v1::GetDeadLetterRequest* request,
      v1::GetDeadLetterResponse* response) override;
  grpc::ServerUnaryReactor* RedriveDeadLetters(
      grpc::CallbackServerContext* context,
      const v1::RedriveDeadLettersRequest* request,
      v1::RedriveDeadLettersResponse* response) override;

 private:
  ThreadPool& pool_;
  PageReader& reader_;
  const Clock& clock_;
  ThreadPool& letters_pool_;
  const DeadLetters& letters_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_SERVICE_H_
