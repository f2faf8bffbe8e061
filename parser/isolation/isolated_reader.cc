#include "parser/isolation/isolated_reader.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/log.h"
#include "parser/isolation/worker_process.h"

namespace dateline {
namespace {

using std::chrono::steady_clock;

constexpr absl::Duration kStartTimeout = absl::Seconds(30);
constexpr absl::Duration kPauseAfterFailedStart = absl::Seconds(1);
// Between looks at the clocks of a worker.
constexpr absl::Duration kTick = absl::Milliseconds(50);
// A page that takes longer keeps the pages sent behind it waiting no more.
constexpr absl::Duration kPatience = absl::Milliseconds(100);
// Pages with a worker at once, and their bytes beyond the first one.
constexpr size_t kMaxSent = 4;
constexpr size_t kMaxBytesAhead = size_t{256} << 10;

isolation::WorkerSettings SettingsOf(const IsolationOptions& options) {
  isolation::WorkerSettings settings;
  for (const RuleFile& file : options.rules) {
    isolation::RuleText* rule = settings.add_rules();
    rule->set_name(file.name);
    rule->set_text(file.text);
  }
  settings.set_memory_bytes(options.budget.memory_bytes);
  settings.set_sandbox(options.sandbox);
  settings.set_test_poison(options.test_poison);
  return settings;
}

size_t SizeOf(const PageTask& task) {
  return task.raw_page == nullptr ? 0 : task.raw_page->size();
}

isolation::PageRequest RequestOf(uint64_t id, const PageTask& task) {
  isolation::PageRequest request;
  request.set_id(id);
  request.set_has_raw_page(task.raw_page != nullptr);
  if (task.place.has_value()) {
    request.set_has_place(true);
    request.set_topic(task.place->topic);
    request.set_partition(task.place->partition);
    request.set_offset(task.place->offset);
  }
  request.set_now_unix_nanos(absl::ToUnixNanos(task.now));
  request.set_explain(task.explain);
  return request;
}

PageVerdict VerdictOfReply(isolation::PageReply& reply, std::string article) {
  PageVerdict verdict;
  verdict.article = std::move(article);
  verdict.uid = std::move(*reply.mutable_uid());
  verdict.url = std::move(*reply.mutable_url());
  verdict.source = std::move(*reply.mutable_source());
  verdict.missing.assign(reply.missing().begin(), reply.missing().end());
  if (v1::DeadLetterReason_IsValid(reply.reason())) {
    verdict.reason = static_cast<v1::DeadLetterReason>(reply.reason());
  }
  verdict.message = std::move(*reply.mutable_message());
  verdict.explanation = std::move(*reply.mutable_explanation());
  return verdict;
}

}  // namespace

// A thread's worker and the pages it was sent.
class IsolatedReader::Lane {
 public:
  // The spare one has the worker more.
  Lane(IsolatedReader& reader, bool is_spare)
      : reader_(reader), is_spare_(is_spare) {}

  void Run() {
    while (std::unique_ptr<Item> item = TakeFirst()) {
      if (item->suspect || (process_ != nullptr && !process_->IsRunning())) {
        process_.reset();
      }
      if (process_ == nullptr && !StartProcess()) return;
      Send(std::move(item));
      while (!sent_.empty()) {
        if (reader_.stopping()) return;
        if (!is_spare_) SendAhead();
        ShowPatience();
        ExchangeOnce();
      }
      ShowPatience();
    }
  }

 private:
  struct Sent {
    uint64_t id = 0;
    size_t bytes = 0;
    // None where the page went to another worker.
    std::unique_ptr<Item> item;
  };

  std::unique_ptr<Item> TakeFirst() {
    return is_spare_ ? reader_.TakeUrgent() : reader_.Take();
  }

  // Whether the worker is at a page that can wait, or at one that nobody waits
  // for any more.
  void ShowPatience() {
    const bool is_patient =
        !is_spare_ && !sent_.empty() &&
        (sent_.front().item == nullptr || sent_.front().item->task.can_wait);
    if (is_patient != is_patient_) reader_.CountPatient(is_patient ? 1 : -1);
    is_patient_ = is_patient;
  }

  bool StartProcess() {
    while (!reader_.stopping()) {
      auto started = WorkerProcess::Start(reader_.options_.program,
                                          reader_.settings_, kStartTimeout);
      if (started.ok()) {
        process_ = *std::move(started);
        cpu_before_ = process_->CpuTimeAtStart();
        has_read_others_ = false;
        return true;
      }
      LogWarning("can't start a page worker; trying again",
                 {{"reason", started.status().message()}});
      absl::SleepFor(kPauseAfterFailedStart);
    }
    return false;
  }

  void Send(std::unique_ptr<Item> item) {
    if (sent_.empty()) BeginPage();
    process_->Send(RequestOf(++last_id_, item->task), item->task.raw_page);
    const size_t bytes = SizeOf(item->task);
    sent_.push_back({last_id_, bytes, std::move(item)});
  }

  void SendAhead() {
    if (sent_.front().item == nullptr || sent_.front().item->suspect) return;
    size_t ahead = 0;
    for (size_t i = 1; i < sent_.size(); ++i) ahead += sent_[i].bytes;
    while (sent_.size() < kMaxSent && wall_ < kPatience &&
           ahead < kMaxBytesAhead) {
      std::unique_ptr<Item> item = reader_.TakeAhead(kMaxBytesAhead - ahead);
      if (item == nullptr) return;
      ahead += SizeOf(item->task);
      Send(std::move(item));
    }
  }

  // From here on the worker's time is the first page's.
  void BeginPage() {
    wall_ = absl::ZeroDuration();
    last_look_ = steady_clock::now();
  }

  void ExchangeOnce() {
    absl::StatusOr<std::vector<Frame>> frames = process_->Exchange(kTick);
    if (!frames.ok()) {
      EndProcess(process_->AwaitEnd());
      return;
    }
    for (Frame& frame : *frames) {
      if (!TakeReply(frame)) {
        EndProcess(process_->Kill(std::nullopt));
        return;
      }
    }
    if (frames->empty()) LookAtClocks();
  }

  bool TakeReply(Frame& frame) {
    isolation::PageReply reply;
    if (sent_.empty() || !reply.ParseFromString(frame.head) ||
        reply.id() != sent_.front().id) {
      return false;
    }
    const std::unique_ptr<Item> item = std::move(sent_.front().item);
    sent_.pop_front();
    cpu_before_ = absl::Nanoseconds(reply.cpu_nanos());
    has_read_others_ = true;
    BeginPage();
    if (item != nullptr) {
      item->done(VerdictOfReply(reply, std::move(frame.body)));
    }
    return true;
  }

  void LookAtClocks() {
    // Time that this process stood still is not the page's.
    const steady_clock::time_point now = steady_clock::now();
    wall_ += std::min(absl::FromChrono(now - last_look_), 4 * kTick);
    last_look_ = now;
    const PageUse use = {process_->CpuTime() - cpu_before_, wall_};
    if (const auto breach = BreachOf(use, reader_.options_.budget)) {
      EndProcess(process_->Kill(breach));
    } else if (wall_ > kPatience) {
      GiveBackBehindFirst();
    }
  }

  void GiveBackBehindFirst() {
    for (size_t i = sent_.size(); i > 1; --i) {
      if (sent_[i - 1].item != nullptr) {
        reader_.GiveBack(std::move(sent_[i - 1].item));
      }
    }
  }

  // The worker ended while it read the first page.
  void EndProcess(const WorkerEnd& end) {
    GiveBackBehindFirst();
    std::unique_ptr<Item> item = std::move(sent_.front().item);
    sent_.clear();
    process_.reset();
    PageVerdict verdict = VerdictOf(end, reader_.options_.budget);
    LogWarning("a page worker ended",
               {{"reason", verdict.message}, {"page", NameOf(item.get())}});
    reader_.metrics_
        .Counter("dateline_parser_worker_restarts_total",
                 "Processes that read pages and were begun anew")
        .Increment();
    if (item == nullptr) return;
    if (!item->suspect && DeservesAnotherTry(end, has_read_others_)) {
      item->suspect = true;
      reader_.GiveBack(std::move(item));
      return;
    }
    item->done(std::move(verdict));
  }

  static std::string NameOf(const Item* item) {
    if (item == nullptr || !item->task.place.has_value()) return "";
    const PagePlace& place = *item->task.place;
    return absl::StrCat(place.topic, "/", place.partition, "/", place.offset);
  }

  IsolatedReader& reader_;
  const bool is_spare_;
  bool is_patient_ = false;
  std::unique_ptr<WorkerProcess> process_;
  std::deque<Sent> sent_;
  uint64_t last_id_ = 0;
  bool has_read_others_ = false;
  // Of the first page: the worker's CPU time before it, what it has taken.
  absl::Duration cpu_before_;
  absl::Duration wall_;
  steady_clock::time_point last_look_;
};

absl::StatusOr<std::unique_ptr<IsolatedReader>> IsolatedReader::Create(
    const IsolationOptions& options, Metrics& metrics) {
  const auto trial =
      WorkerProcess::Start(options.program, SettingsOf(options), kStartTimeout);
  if (!trial.ok()) return trial.status();
  return std::unique_ptr<IsolatedReader>(new IsolatedReader(options, metrics));
}

IsolatedReader::IsolatedReader(const IsolationOptions& options,
                               Metrics& metrics)
    : options_(options), settings_(SettingsOf(options)), metrics_(metrics) {
  for (int i = 0; i <= options_.workers; ++i) {
    const bool is_spare = i == options_.workers;
    threads_.emplace_back([this, is_spare] { Lane(*this, is_spare).Run(); });
  }
}

IsolatedReader::~IsolatedReader() {
  {
    absl::MutexLock lock(&mutex_);
    stopping_ = true;
    queue_.Clear();
  }
  for (std::thread& thread : threads_) thread.join();
}

void IsolatedReader::Read(PageTask task, Done done) {
  auto item = std::make_unique<Item>(Item{std::move(task), std::move(done)});
  const bool can_wait = item->task.can_wait;
  absl::MutexLock lock(&mutex_);
  queue_.Add(std::move(item), can_wait);
}

void IsolatedReader::DropQueued() {
  absl::MutexLock lock(&mutex_);
  queue_.Clear();
}

std::unique_ptr<IsolatedReader::Item> IsolatedReader::Take() {
  const auto ready = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || !queue_.empty();
  };
  absl::MutexLock lock(&mutex_);
  ++idle_;
  mutex_.Await(absl::Condition(&ready));
  --idle_;
  if (stopping_) return nullptr;
  return queue_.Take();
}

std::unique_ptr<IsolatedReader::Item> IsolatedReader::TakeUrgent() {
  const auto needed = [this]() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_) {
    return stopping_ || (queue_.has_urgent() && patient_ >= options_.workers);
  };
  absl::MutexLock lock(&mutex_, absl::Condition(&needed));
  if (stopping_) return nullptr;
  return queue_.Take();
}

std::unique_ptr<IsolatedReader::Item> IsolatedReader::TakeAhead(
    size_t max_bytes) {
  absl::MutexLock lock(&mutex_);
  if (queue_.size() <= idle_ || queue_.next()->suspect ||
      SizeOf(queue_.next()->task) > max_bytes) {
    return nullptr;
  }
  return queue_.Take();
}

void IsolatedReader::GiveBack(std::unique_ptr<Item> item) {
  const bool can_wait = item->task.can_wait;
  absl::MutexLock lock(&mutex_);
  if (!stopping_) queue_.PutBack(std::move(item), can_wait);
}

void IsolatedReader::CountPatient(int change) {
  absl::MutexLock lock(&mutex_);
  patient_ += change;
}

bool IsolatedReader::stopping() const {
  absl::MutexLock lock(&mutex_);
  return stopping_;
}

}  // namespace dateline
