#include "fetcher/curl_http_client.h"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fetcher/transfer.h"

namespace dateline::fetcher {
namespace {

constexpr int kPollMs = 1000;
constexpr size_t kIdleHandles = 1024;

// The client whose thread this is, if any.
thread_local const CurlHttpClient* own_client = nullptr;

FetchResult Cancelled(const HttpRequest& request) {
  FetchResult result;
  result.error = FetchError::kCancelled;
  result.url = request.url;
  return result;
}

}  // namespace

absl::StatusOr<std::unique_ptr<CurlHttpClient>> CurlHttpClient::Create(
    const HttpOptions& options, const Clock* clock) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  CURLM* multi = global == CURLE_OK ? curl_multi_init() : nullptr;
  if (multi == nullptr) {
    return absl::InternalError("libcurl can't be started");
  }
  const int epoll = epoll_create1(EPOLL_CLOEXEC);
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event readable = {};
  readable.events = EPOLLIN;
  readable.data.fd = wake;
  if (epoll < 0 || wake < 0 ||
      epoll_ctl(epoll, EPOLL_CTL_ADD, wake, &readable) != 0) {
    return absl::InternalError("no file descriptors are left");
  }
  return std::unique_ptr<CurlHttpClient>(
      new CurlHttpClient(options, clock, multi, epoll, wake));
}

CurlHttpClient::CurlHttpClient(const HttpOptions& options, const Clock* clock,
                               CURLM* multi, int epoll, int wake)
    : options_(options),
      clock_(*clock),
      multi_(multi),
      epoll_(epoll),
      wake_(wake),
      budget_(std::make_unique<BodyBudget>(
          BodyBudget{.most = options.max_held_bytes})) {
  // Hosts are asked again and again: a connection each, while they are few
  // enough.
  curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS,
                    static_cast<long>(options_.max_idle_connections));
  curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &OnSocket);
  curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
  curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &OnTimer);
  curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
  if (!options_.proxy.empty()) {
    resolver_ = std::make_unique<NameResolver>(options_.look_up);
  }
  thread_ = std::thread([this] { Run(); });
}

CurlHttpClient::~CurlHttpClient() {
  Stop();
  thread_.join();
  resolver_.reset();
  for (CURL* easy : idle_) curl_easy_cleanup(easy);
  curl_multi_cleanup(multi_);
  close(wake_);
  close(epoll_);
}

int CurlHttpClient::OnSocket(CURL*, curl_socket_t socket, int what, void* self,
                             void*) {
  const int epoll = static_cast<CurlHttpClient*>(self)->epoll_;
  if (what == CURL_POLL_REMOVE) {
    epoll_ctl(epoll, EPOLL_CTL_DEL, socket, nullptr);
    return 0;
  }
  epoll_event event = {};
  event.data.fd = socket;
  if ((what & CURL_POLL_IN) != 0) event.events |= EPOLLIN;
  if ((what & CURL_POLL_OUT) != 0) event.events |= EPOLLOUT;
  if (epoll_ctl(epoll, EPOLL_CTL_ADD, socket, &event) != 0) {
    epoll_ctl(epoll, EPOLL_CTL_MOD, socket, &event);
  }
  return 0;
}

int CurlHttpClient::OnTimer(CURLM*, long timeout_ms, void* self) {
  static_cast<CurlHttpClient*>(self)->timer_ =
      timeout_ms < 0
          ? SteadyTime::max()
          : SteadyClock::now() + std::chrono::milliseconds(timeout_ms);
  return 0;
}

void CurlHttpClient::Fetch(HttpRequest request, Callback callback) {
  bool stopped = false;
  {
    absl::MutexLock lock(&mutex_);
    stopped = stopped_;
    if (!stopped) {
      orders_.push_back({std::move(request), std::move(callback)});
    }
  }
  if (stopped) {
    callback(Cancelled(request));
    return;
  }
  // A callback's own thread comes by here anyway.
  if (own_client != this) Wake();
}

void CurlHttpClient::Wake() {
  const uint64_t one = 1;
  [[maybe_unused]] const ssize_t written = write(wake_, &one, sizeof(one));
}

void CurlHttpClient::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  Wake();
}

void CurlHttpClient::Run() {
  own_client = this;
  std::deque<Order> orders;
  while (!TakeOrders(orders)) {
    while (!orders.empty()) {
      Begin(std::move(orders.front()));
      orders.pop_front();
    }
    BeginWaiting();
    TakeLookedUp();
    Turn();
    CollectEnded();
  }
  for (Order& order : orders) order.callback(Cancelled(order.request));
  CancelAll();
}

bool CurlHttpClient::TakeOrders(std::deque<Order>& orders) {
  absl::MutexLock lock(&mutex_);
  orders.swap(orders_);
  return stopped_;
}

void CurlHttpClient::Turn() {
  constexpr int kMostEvents = 256;
  std::array<epoll_event, kMostEvents> events;
  const int count = epoll_wait(epoll_, events.data(), kMostEvents, PollMs());
  int running = 0;
  for (int i = 0; i < count; ++i) {
    const epoll_event& event = events[static_cast<size_t>(i)];
    if (event.data.fd == wake_) {
      uint64_t wakes = 0;
      [[maybe_unused]] const ssize_t got = read(wake_, &wakes, sizeof(wakes));
      continue;
    }
    int what = 0;
    if ((event.events & EPOLLIN) != 0) what |= CURL_CSELECT_IN;
    if ((event.events & EPOLLOUT) != 0) what |= CURL_CSELECT_OUT;
    if ((event.events & (EPOLLERR | EPOLLHUP)) != 0) what |= CURL_CSELECT_ERR;
    curl_multi_socket_action(multi_, event.data.fd, what, &running);
  }
  if (timer_ <= SteadyClock::now()) {
    timer_ = SteadyTime::max();
    curl_multi_socket_action(multi_, CURL_SOCKET_TIMEOUT, 0, &running);
  }
}

void CurlHttpClient::Begin(Order order) {
  CURL* idle = nullptr;
  if (!idle_.empty()) {
    idle = idle_.back();
    idle_.pop_back();
  }
  auto transfer = std::make_unique<Transfer>(
      options_, clock_, budget_.get(),
      idle == nullptr ? curl_easy_init() : idle, std::move(order.request),
      std::move(order.callback));
  if (transfer->easy() == nullptr) {
    transfer->Cancel();
    return;
  }
  CURL* easy = transfer->easy();
  active_[easy] = std::move(transfer);
  BeginHop(easy);
}

void CurlHttpClient::BeginHop(CURL* easy) {
  if (resolver_ == nullptr) {
    Add(easy);
    return;
  }
  LookUp(easy, active_.at(easy)->HopHost());
}

void CurlHttpClient::Add(CURL* easy) {
  active_.at(easy)->Prepare();
  curl_multi_add_handle(multi_, easy);
}

void CurlHttpClient::LookUp(CURL* easy, const std::string& host) {
  const auto take = [this,
                     easy](absl::StatusOr<std::vector<IpAddress>> addresses) {
    {
      absl::MutexLock lock(&mutex_);
      looked_up_.push_back({easy, std::move(addresses)});
    }
    Wake();
  };
  std::string text = host;
  if (options_.names) text = options_.names(host).value_or(host);
  if (absl::StatusOr<IpAddress> known = ParseIpAddress(text); known.ok()) {
    take(std::vector<IpAddress>{*known});
    return;
  }
  resolver_->Resolve(host, take);
}

void CurlHttpClient::TakeLookedUp() {
  std::vector<LookedUp> looked_up;
  {
    absl::MutexLock lock(&mutex_);
    looked_up.swap(looked_up_);
  }
  for (LookedUp& answer : looked_up) {
    if (active_.at(answer.easy)->TakeAddresses(answer.addresses)) {
      Add(answer.easy);
    } else {
      End(answer.easy);
    }
  }
}

void CurlHttpClient::CollectEnded() {
  int left = 0;
  while (CURLMsg* message = curl_multi_info_read(multi_, &left)) {
    if (message->msg != CURLMSG_DONE) continue;
    CURL* easy = message->easy_handle;
    const CURLcode code = message->data.result;
    const auto it = active_.find(easy);
    if (it == active_.end()) continue;
    curl_multi_remove_handle(multi_, easy);
    if (it->second->HopEnded(code)) {
      waiting_.emplace(SteadyClock::now() + absl::ToChronoNanoseconds(
                                                it->second->redirect_delay()),
                       easy);
      continue;
    }
    End(easy);
  }
}

void CurlHttpClient::End(CURL* easy) {
  const auto it = active_.find(easy);
  const std::unique_ptr<Transfer> ended = std::move(it->second);
  active_.erase(it);
  ended->Deliver();
  if (idle_.size() < kIdleHandles) idle_.push_back(ended->ReleaseEasy());
}

void CurlHttpClient::BeginWaiting() {
  while (!waiting_.empty() && waiting_.begin()->first <= SteadyClock::now()) {
    CURL* easy = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    BeginHop(easy);
  }
}

int CurlHttpClient::PollMs() const {
  SteadyTime next = timer_;
  if (!waiting_.empty()) next = std::min(next, waiting_.begin()->first);
  if (next == SteadyTime::max()) return kPollMs;
  const auto wait =
      std::chrono::ceil<std::chrono::milliseconds>(next - SteadyClock::now());
  return static_cast<int>(std::clamp<int64_t>(wait.count(), 0, kPollMs));
}

void CurlHttpClient::CancelAll() {
  for (auto& [easy, transfer] : active_) {
    curl_multi_remove_handle(multi_, easy);
    transfer->Cancel();
  }
  active_.clear();
}

}  // namespace dateline::fetcher
