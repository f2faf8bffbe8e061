#include "fetcher/curl_http_client.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "fetcher/transfer.h"

namespace dateline::fetcher {
namespace {

constexpr int kPollMs = 1000;
constexpr long kIdleConnections = 512;

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
  curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, kIdleConnections);
  return std::unique_ptr<CurlHttpClient>(
      new CurlHttpClient(options, clock, multi));
}

CurlHttpClient::CurlHttpClient(const HttpOptions& options, const Clock* clock,
                               CURLM* multi)
    : options_(options), clock_(*clock), multi_(multi) {
  thread_ = std::thread([this] { Run(); });
}

CurlHttpClient::~CurlHttpClient() {
  Stop();
  thread_.join();
  curl_multi_cleanup(multi_);
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
  curl_multi_wakeup(multi_);
}

void CurlHttpClient::Stop() {
  {
    absl::MutexLock lock(&mutex_);
    stopped_ = true;
  }
  curl_multi_wakeup(multi_);
}

void CurlHttpClient::Run() {
  std::deque<Order> orders;
  while (!TakeOrders(orders)) {
    while (!orders.empty()) {
      Begin(std::move(orders.front()));
      orders.pop_front();
    }
    BeginWaiting();
    int running = 0;
    curl_multi_perform(multi_, &running);
    CollectEnded();
    curl_multi_poll(multi_, nullptr, 0, PollMs(), nullptr);
  }
  for (Order& order : orders) order.callback(Cancelled(order.request));
  CancelAll();
}

bool CurlHttpClient::TakeOrders(std::deque<Order>& orders) {
  absl::MutexLock lock(&mutex_);
  orders.swap(orders_);
  return stopped_;
}

void CurlHttpClient::Begin(Order order) {
  auto transfer = std::make_unique<Transfer>(
      options_, clock_, std::move(order.request), std::move(order.callback));
  if (transfer->easy() == nullptr) {
    transfer->Cancel();
    return;
  }
  transfer->Prepare();
  CURL* easy = transfer->easy();
  curl_multi_add_handle(multi_, easy);
  active_[easy] = std::move(transfer);
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
      waiting_.emplace(absl::Now() + it->second->redirect_delay(), easy);
      continue;
    }
    const std::unique_ptr<Transfer> ended = std::move(it->second);
    active_.erase(it);
    ended->Deliver();
  }
}

void CurlHttpClient::BeginWaiting() {
  while (!waiting_.empty() && waiting_.begin()->first <= absl::Now()) {
    CURL* easy = waiting_.begin()->second;
    waiting_.erase(waiting_.begin());
    active_.at(easy)->Prepare();
    curl_multi_add_handle(multi_, easy);
  }
}

int CurlHttpClient::PollMs() const {
  if (waiting_.empty()) return kPollMs;
  const absl::Duration wait = waiting_.begin()->first - absl::Now();
  return static_cast<int>(
      std::clamp<int64_t>(absl::ToInt64Milliseconds(wait) + 1, 0, kPollMs));
}

void CurlHttpClient::CancelAll() {
  for (auto& [easy, transfer] : active_) {
    curl_multi_remove_handle(multi_, easy);
    transfer->Cancel();
  }
  active_.clear();
}

}  // namespace dateline::fetcher
