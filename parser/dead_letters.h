#ifndef DATELINE_PARSER_DEAD_LETTERS_H_
#define DATELINE_PARSER_DEAD_LETTERS_H_

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/kafka/consumer.h"
#include "common/kafka/producer.h"
#include "common/topics.h"
#include "dateline/v1/parser_service.pb.h"
#include "parser/core/dead_letter.h"
#include "parser/core/dead_letter_token.h"

namespace dateline {

// Makes a client for each call.
struct DeadLetterClients {
  // Without a group.
  std::function<absl::StatusOr<std::unique_ptr<kafka::Consumer>>()> consumer;
  // With one transactional id over all replicas, so that a redrive fences the
  // one before it.
  std::function<absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>>()>
      producer;
};

// The calls about dead letters, straight from their topic: any replica answers,
// and none keeps anything. Errors: kInvalidArgument (a token or name that is
// wrong), kNotFound, kUnavailable (the broker doesn't answer), kAborted
// (another redrive has begun; what this one had put back stays so).
// Thread-safe; calls block.
class DeadLetters {
 public:
  DeadLetters(DeadLetterClients clients, TopicNames topics)
      : clients_(std::move(clients)), topics_(std::move(topics)) {}

  // Newest first. May answer fewer than asked for, with a token, where many
  // letters had to be read to find those that fit.
  absl::StatusOr<v1::ListDeadLettersResponse> List(
      const v1::ListDeadLettersRequest& request) const;

  absl::StatusOr<v1::GetDeadLetterResponse> Get(
      const v1::GetDeadLetterRequest& request) const;

  // Puts the letters that fit, and are on the topic by now, back on theirs:
  // each once, over all calls and replicas, and in transactions. Those that
  // were put back before and failed again are left.
  absl::StatusOr<v1::RedriveDeadLettersResponse> Redrive(
      const v1::RedriveDeadLettersRequest& request) const;

 private:
  class Redrivable;

  absl::StatusOr<std::unique_ptr<kafka::TransactionalProducer>> Claim(
      int32_t partitions, const std::string& id) const;

  const DeadLetterClients clients_;
  const TopicNames topics_;
};

}  // namespace dateline

#endif  // DATELINE_PARSER_DEAD_LETTERS_H_
