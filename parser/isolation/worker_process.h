#ifndef DATELINE_PARSER_ISOLATION_WORKER_PROCESS_H_
#define DATELINE_PARSER_ISOLATION_WORKER_PROCESS_H_

#include <sys/types.h>
#include <time.h>

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "parser/isolation/exchange.pb.h"
#include "parser/isolation/frame.h"
#include "parser/isolation/page_budget.h"

namespace dateline {

// A page worker, as its parser sees it: a program started with
// kPageWorkerArgument, a socket to it, and nothing else shared: no environment,
// no descriptors. One thread uses it, the one that started it: the worker ends
// with that thread.
class WorkerProcess {
 public:
  // Starts `program` and waits until it is ready. kInternal where it can't be
  // started, or says that it can't work; kUnavailable where it isn't ready in
  // `timeout`.
  static absl::StatusOr<std::unique_ptr<WorkerProcess>> Start(
      const std::string& program, const isolation::WorkerSettings& settings,
      absl::Duration timeout);
  // Ends the process.
  ~WorkerProcess();

  WorkerProcess(const WorkerProcess&) = delete;
  WorkerProcess& operator=(const WorkerProcess&) = delete;

  // Queues a frame. `body` may be nullptr.
  void Send(const google::protobuf::MessageLite& head,
            std::shared_ptr<const std::string> body);

  // Sends and receives until a frame is there, or `wait`. kUnavailable where
  // the worker is gone.
  absl::StatusOr<std::vector<Frame>> Exchange(absl::Duration wait);

  // CPU time as the worker's own clock has it.
  absl::Duration CpuTime() const;
  // The same when it was ready.
  absl::Duration CpuTimeAtStart() const { return cpu_at_start_; }

  // Whether the process is still there.
  bool IsRunning() const;

  // After Exchange said that it is gone: how it ended.
  WorkerEnd AwaitEnd();
  // Ends it.
  WorkerEnd Kill(std::optional<Breach> breach);

 private:
  struct Outgoing {
    std::string start;
    std::shared_ptr<const std::string> body;
    size_t sent = 0;
  };

  WorkerProcess(pid_t pid, int socket) : pid_(pid), socket_(socket) {}

  absl::Status AwaitReady(absl::Duration timeout);
  absl::Status SendSome();
  absl::Status ReceiveSome();
  WorkerEnd Reap(std::optional<Breach> breach);

  const pid_t pid_;
  const int socket_;
  clockid_t cpu_clock_ = CLOCK_MONOTONIC;
  absl::Duration cpu_at_start_;
  int64_t resident_at_start_bytes_ = 0;
  bool ended_ = false;
  std::deque<Outgoing> outgoing_;
  FrameCutter incoming_;
  std::vector<char> buffer_ = std::vector<char>(size_t{256} << 10);
};

}  // namespace dateline

#endif  // DATELINE_PARSER_ISOLATION_WORKER_PROCESS_H_
