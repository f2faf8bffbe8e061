#include "parser/isolation/page_worker.h"

#include <errno.h>
#include <lexbor/core/base.h>
#include <malloc.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <memory>
#include <new>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "dateline/v1/page.pb.h"
#include "parser/core/page_verdict.h"
#include "parser/core/rules/site_rules.h"
#include "parser/isolation/exchange.pb.h"
#include "parser/isolation/frame.h"
#include "parser/isolation/page_budget.h"
#include "parser/isolation/sandbox.h"
#include "parser/isolation/test_poison.h"

namespace dateline {
namespace {

constexpr int kSocket = STDIN_FILENO;

[[noreturn]] void EndOutOfMemory() { _exit(kExitOutOfMemory); }

void* Checked(void* memory) {
  if (memory == nullptr) EndOutOfMemory();
  return memory;
}

void* CheckedMalloc(size_t size) {
  return Checked(std::malloc(size == 0 ? 1 : size));
}

void* CheckedRealloc(void* memory, size_t size) {
  return Checked(std::realloc(memory, size == 0 ? 1 : size));
}

void* CheckedCalloc(size_t count, size_t size) {
  return count == 0 || size == 0 ? CheckedMalloc(1)
                                 : Checked(std::calloc(count, size));
}

void Free(void* memory) { std::free(memory); }

// That memory ran out is for the parser to know, not for the page.
void EndWhereMemoryRunsOut() {
  std::set_new_handler(EndOutOfMemory);
  lexbor_memory_setup(CheckedMalloc, CheckedRealloc, CheckedCalloc, Free);
  // Each page takes and gives back a few megabytes: keep them.
  mallopt(M_MMAP_THRESHOLD, 32 << 20);
  mallopt(M_TRIM_THRESHOLD, 64 << 20);
}

int64_t CpuNanos() {
  timespec used = {};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used);
  return used.tv_sec * 1'000'000'000 + used.tv_nsec;
}

// The worker's end of the exchange, which blocks.
class Connection {
 public:
  // None where the parser has closed, or says what it can't have said.
  std::optional<Frame> Receive() {
    FrameSizes sizes;
    if (!ReceiveAll(&sizes, sizeof(sizes)) || !sizes.AreSane()) {
      return std::nullopt;
    }
    Frame frame;
    frame.head.resize(sizes.head);
    frame.body.resize(sizes.body);
    if (!ReceiveAll(frame.head.data(), frame.head.size()) ||
        !ReceiveAll(frame.body.data(), frame.body.size())) {
      return std::nullopt;
    }
    return frame;
  }

  bool Send(const google::protobuf::MessageLite& head,
            const std::string& body) {
    return SendAll(FrameStart(head.SerializeAsString(), body.size())) &&
           SendAll(body);
  }

 private:
  static bool SendAll(absl::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t size = write(kSocket, bytes.data(), bytes.size());
      if (size < 0 && errno != EINTR) return false;
      if (size > 0) bytes.remove_prefix(static_cast<size_t>(size));
    }
    return true;
  }

  static bool ReceiveAll(void* to, size_t size) {
    for (size_t received = 0; received < size;) {
      const ssize_t some =
          read(kSocket, static_cast<char*>(to) + received, size - received);
      if (some == 0 || (some < 0 && errno != EINTR)) return false;
      if (some > 0) received += static_cast<size_t>(some);
    }
    return true;
  }
};

PageTask TaskOf(const isolation::PageRequest& request, std::string raw_page) {
  PageTask task;
  if (request.has_raw_page()) {
    task.raw_page = std::make_shared<const std::string>(std::move(raw_page));
  }
  if (request.has_place()) {
    task.place =
        PagePlace{request.topic(), request.partition(), request.offset()};
  }
  task.now = absl::FromUnixNanos(request.now_unix_nanos());
  task.explain = request.explain();
  return task;
}

isolation::PageReply ReplyOf(uint64_t id, PageVerdict& verdict) {
  isolation::PageReply reply;
  reply.set_id(id);
  reply.set_uid(std::move(verdict.uid));
  reply.set_url(std::move(verdict.url));
  reply.set_source(std::move(verdict.source));
  reply.mutable_missing()->Add(verdict.missing.begin(), verdict.missing.end());
  reply.set_reason(verdict.reason);
  reply.set_message(std::move(verdict.message));
  reply.set_explanation(std::move(verdict.explanation));
  return reply;
}

// Reads a page before the limits close in, so that whatever is loaded or made
// once is there.
void WarmUp(const SiteRules& rules) {
  v1::RawPage page;
  page.set_url("https://www.example.com/2024/05/06/story.html");
  page.set_media_type("text/html");
  page.set_body(
      "<html lang=en><head><meta charset=windows-1252><title>A story</title>"
      "<meta property=article:published_time content=2024-05-06T07:08:09Z>"
      "<script type=application/ld+json>{\"@type\":\"NewsArticle\","
      "\"headline\":\"A story\"}</script></head><body><article><h1>A story</h1>"
      "<p>By Jane Doe, May 6, 2024</p><p>The council met on Monday and settled "
      "the matter of the bridge, which had been closed for a year.</p>"
      "</article></body></html>");
  PageTask task;
  task.raw_page = std::make_shared<const std::string>(page.SerializeAsString());
  task.explain = true;
  JudgePage(task, &rules);
}

absl::Status Confine(const isolation::WorkerSettings& settings) {
  if (!settings.sandbox() || !CanBeLimited()) return absl::OkStatus();
  absl::Status status = LimitMemory(settings.memory_bytes());
  return status.ok() ? EnterSandbox() : status;
}

absl::StatusOr<SiteRules> Prepare(const isolation::WorkerSettings& settings) {
  std::vector<RuleFile> files;
  for (const isolation::RuleText& rule : settings.rules()) {
    files.push_back({rule.name(), rule.text()});
  }
  absl::StatusOr<SiteRules> rules = SiteRules::Compile(files);
  if (!rules.ok()) return rules;
  WarmUp(*rules);
  EndWhereMemoryRunsOut();
  if (absl::Status confined = Confine(settings); !confined.ok()) {
    return confined;
  }
  return rules;
}

}  // namespace

bool IsPageWorker(int argc, char** argv) {
  return argc == 2 && std::strcmp(argv[1], kPageWorkerArgument) == 0;
}

int RunPageWorker() {
  DetachFromParser();
  signal(SIGPIPE, SIG_IGN);
  Connection connection;
  const std::optional<Frame> hello = connection.Receive();
  isolation::WorkerSettings settings;
  if (!hello.has_value() || !settings.ParseFromString(hello->head)) return 1;
  const absl::StatusOr<SiteRules> rules = Prepare(settings);
  isolation::WorkerReady ready;
  if (!rules.ok()) ready.set_error(std::string(rules.status().message()));
  ready.set_cpu_nanos(CpuNanos());
  if (!connection.Send(ready, "") || !rules.ok()) return 1;
  while (std::optional<Frame> frame = connection.Receive()) {
    isolation::PageRequest request;
    if (!request.ParseFromString(frame->head)) return 1;
    const PageTask task = TaskOf(request, std::move(frame->body));
    if (settings.test_poison()) ActOnPoison(task);
    PageVerdict verdict = JudgePage(task, &*rules);
    isolation::PageReply reply = ReplyOf(request.id(), verdict);
    reply.set_cpu_nanos(CpuNanos());
    if (!connection.Send(reply, verdict.article)) return 1;
  }
  return 0;
}

}  // namespace dateline
