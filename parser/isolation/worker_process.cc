#include "parser/isolation/worker_process.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "parser/isolation/page_worker.h"

namespace dateline {
namespace {

constexpr char kGone[] = "the page worker is gone";
constexpr int kSocketBytes = 1 << 20;

absl::Status Failure(absl::string_view what, int error) {
  return absl::InternalError(absl::StrCat(what, ": ", strerror(error)));
}

// No secrets: where libraries are, and what sanitizers are to do.
std::vector<std::string> WorkerEnvironment() {
  std::vector<std::string> environment;
  for (const char* name :
       {"LD_LIBRARY_PATH", "ASAN_OPTIONS", "UBSAN_OPTIONS", "TSAN_OPTIONS"}) {
    if (const char* value = std::getenv(name)) {
      environment.push_back(absl::StrCat(name, "=", value));
    }
  }
  return environment;
}

std::vector<char*> Pointers(std::vector<std::string>& strings) {
  std::vector<char*> pointers;
  for (std::string& string : strings) pointers.push_back(string.data());
  pointers.push_back(nullptr);
  return pointers;
}

// `socket` becomes the standard input; standard error stays; nothing else does.
absl::StatusOr<pid_t> Spawn(const std::string& program, int socket) {
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, socket, STDIN_FILENO);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null",
                                   O_WRONLY, 0);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  std::vector<std::string> arguments = {"dateline-page-worker",
                                        kPageWorkerArgument};
  std::vector<std::string> environment = WorkerEnvironment();
  pid_t pid = 0;
  const int error =
      posix_spawn(&pid, program.c_str(), &actions, nullptr,
                  Pointers(arguments).data(), Pointers(environment).data());
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) {
    return Failure(absl::StrCat("can't start a page worker, ", program), error);
  }
  return pid;
}

int64_t ResidentBytes(pid_t pid) {
  int64_t size = 0, resident = 0;
  std::ifstream statm(absl::StrCat("/proc/", pid, "/statm"));
  statm >> size >> resident;
  return resident * sysconf(_SC_PAGESIZE);
}

}  // namespace

absl::StatusOr<std::unique_ptr<WorkerProcess>> WorkerProcess::Start(
    const std::string& program, const isolation::WorkerSettings& settings,
    absl::Duration timeout) {
  int sockets[2];
  if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, sockets) != 0) {
    return Failure("can't make a socket for a page worker", errno);
  }
  for (const int socket : sockets) {
    setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &kSocketBytes,
               sizeof(kSocketBytes));
  }
  const absl::StatusOr<pid_t> pid = Spawn(program, sockets[1]);
  close(sockets[1]);
  if (!pid.ok()) {
    close(sockets[0]);
    return pid.status();
  }
  std::unique_ptr<WorkerProcess> worker(new WorkerProcess(*pid, sockets[0]));
  worker->Send(settings, nullptr);
  if (absl::Status ready = worker->AwaitReady(timeout); !ready.ok()) {
    return ready;
  }
  return worker;
}

WorkerProcess::~WorkerProcess() {
  if (!ended_) Kill(std::nullopt);
  close(socket_);
}

absl::Status WorkerProcess::AwaitReady(absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  while (absl::Now() < deadline) {
    absl::StatusOr<std::vector<Frame>> frames =
        Exchange(absl::Milliseconds(100));
    if (!frames.ok()) {
      return absl::InternalError("the page worker ended while it began");
    }
    if (frames->empty()) continue;
    isolation::WorkerReady ready;
    if (!ready.ParseFromString(frames->front().head)) {
      return absl::InternalError("the page worker's answer can't be read");
    }
    if (!ready.error().empty()) return absl::InternalError(ready.error());
    cpu_at_start_ = absl::Nanoseconds(ready.cpu_nanos());
    resident_at_start_bytes_ = ResidentBytes(pid_);
    if (clock_getcpuclockid(pid_, &cpu_clock_) != 0) {
      return absl::InternalError("the page worker has no clock");
    }
    return absl::OkStatus();
  }
  return absl::UnavailableError(absl::StrCat(
      "the page worker isn't ready after ", absl::FormatDuration(timeout)));
}

void WorkerProcess::Send(const google::protobuf::MessageLite& head,
                         std::shared_ptr<const std::string> body) {
  const size_t body_size = body == nullptr ? 0 : body->size();
  outgoing_.push_back(
      {FrameStart(head.SerializeAsString(), body_size), std::move(body), 0});
}

absl::StatusOr<std::vector<Frame>> WorkerProcess::Exchange(
    absl::Duration wait) {
  std::vector<Frame> frames;
  const absl::Time deadline = absl::Now() + wait;
  while (true) {
    if (absl::Status sent = SendSome(); !sent.ok()) return sent;
    const int64_t left_ms =
        std::max<int64_t>(absl::ToInt64Milliseconds(deadline - absl::Now()), 0);
    pollfd polled = {socket_, POLLIN, 0};
    if (!outgoing_.empty()) polled.events |= POLLOUT;
    if (poll(&polled, 1, static_cast<int>(left_ms)) <= 0) return frames;
    if ((polled.revents & (POLLIN | POLLHUP | POLLERR)) == 0) continue;
    if (absl::Status received = ReceiveSome(); !received.ok()) return received;
    while (true) {
      absl::StatusOr<std::optional<Frame>> next = incoming_.Next();
      if (!next.ok()) return next.status();
      if (!next->has_value()) break;
      frames.push_back(**std::move(next));
    }
    if (!frames.empty()) return frames;
  }
}

absl::Status WorkerProcess::SendSome() {
  while (!outgoing_.empty()) {
    Outgoing& next = outgoing_.front();
    const absl::string_view body =
        next.body == nullptr ? absl::string_view() : *next.body;
    const size_t from_start = std::min(next.sent, next.start.size());
    const size_t from_body = next.sent - from_start;
    iovec parts[] = {
        {next.start.data() + from_start, next.start.size() - from_start},
        {const_cast<char*>(body.data()) + from_body, body.size() - from_body}};
    msghdr message = {};
    message.msg_iov = parts;
    message.msg_iovlen = 2;
    const ssize_t sent =
        sendmsg(socket_, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && (errno == EAGAIN || errno == EINTR)) break;
    if (sent < 0) return absl::UnavailableError(kGone);
    next.sent += static_cast<size_t>(sent);
    if (next.sent == next.start.size() + body.size()) outgoing_.pop_front();
  }
  return absl::OkStatus();
}

absl::Status WorkerProcess::ReceiveSome() {
  const ssize_t size =
      recv(socket_, buffer_.data(), buffer_.size(), MSG_DONTWAIT);
  if (size > 0) {
    incoming_.Add({buffer_.data(), static_cast<size_t>(size)});
    return absl::OkStatus();
  }
  if (size < 0 && (errno == EAGAIN || errno == EINTR)) return absl::OkStatus();
  return absl::UnavailableError(kGone);
}

absl::Duration WorkerProcess::CpuTime() const {
  timespec used = {};
  clock_gettime(cpu_clock_, &used);
  return absl::DurationFromTimespec(used);
}

bool WorkerProcess::IsRunning() const {
  siginfo_t info = {};
  return !ended_ &&
         waitid(P_PID, static_cast<id_t>(pid_), &info,
                WEXITED | WNOHANG | WNOWAIT) == 0 &&
         info.si_pid == 0;
}

WorkerEnd WorkerProcess::AwaitEnd() {
  // It has closed its socket: that takes an instant, or something is wrong.
  constexpr absl::Duration kLongest = absl::Seconds(1);
  const absl::Time deadline = absl::Now() + kLongest;
  while (IsRunning() && absl::Now() < deadline) {
    absl::SleepFor(absl::Milliseconds(1));
  }
  if (IsRunning()) kill(pid_, SIGKILL);
  return Reap(std::nullopt);
}

WorkerEnd WorkerProcess::Kill(std::optional<Breach> breach) {
  kill(pid_, SIGKILL);
  return Reap(breach);
}

WorkerEnd WorkerProcess::Reap(std::optional<Breach> breach) {
  WorkerEnd end;
  end.breach = breach;
  rusage used = {};
  while (wait4(pid_, &end.wait_status, 0, &used) < 0 && errno == EINTR) {
  }
  end.grown_bytes = int64_t{used.ru_maxrss} * 1024 - resident_at_start_bytes_;
  ended_ = true;
  return end;
}

}  // namespace dateline
