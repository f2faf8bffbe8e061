#ifndef DATELINE_FETCHER_CURL_HTTP_CLIENT_H_
#define DATELINE_FETCHER_CURL_HTTP_CLIENT_H_

#include <curl/curl.h>

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "fetcher/core/address.h"
#include "fetcher/core/name_table.h"
#include "fetcher/http_client.h"

namespace dateline::fetcher {

struct HttpOptions {
  std::string user_agent;
  AddressPolicy addresses;
  NameTable names;  // instead of DNS; the addresses are judged all the same
  int64_t max_body_bytes = 10'485'760;  // decoded
  int64_t max_header_bytes = 262'144;   // of one answer, status line included
  int max_redirects = 5;
  absl::Duration connect_timeout = absl::Seconds(10);
  absl::Duration total_timeout = absl::Seconds(60);  // redirects included
  // An answer slower than 100 bytes a second for this long is given up. Whole
  // seconds.
  absl::Duration stall_timeout = absl::Seconds(15);
};

class Transfer;

// HTTP/1.1 and HTTP/2 over libcurl's multi interface, on one thread, whose cost
// doesn't grow with the number of open requests (epoll). Redirects
// are followed here, one request each, so that each hop's URL and address are
// checked. The address is checked at the moment of connecting, for every
// address that a name gives, so that a name can't change in between. Proxies
// from the environment are not used: a proxy would resolve names by itself.
class CurlHttpClient final : public HttpClient {
 public:
  // `clock` must outlive the client.
  static absl::StatusOr<std::unique_ptr<CurlHttpClient>> Create(
      const HttpOptions& options, const Clock* clock);
  ~CurlHttpClient() override;

  void Fetch(HttpRequest request, Callback callback) override;
  void Stop() override;

 private:
  struct Order {
    HttpRequest request;
    Callback callback;
  };

  CurlHttpClient(const HttpOptions& options, const Clock* clock, CURLM* multi,
                 int epoll, int wake);

  static int OnSocket(CURL* easy, curl_socket_t socket, int what, void* self,
                      void* socket_data);
  static int OnTimer(CURLM* multi, long timeout_ms, void* self);

  void Run();
  // True once stopped.
  bool TakeOrders(std::deque<Order>& orders);
  void Begin(Order order);
  // Waits for sockets, timers and Wake, and lets libcurl work.
  void Turn();
  void Wake();
  void CollectEnded();
  void BeginWaiting();
  int PollMs() const;
  void CancelAll();

  const HttpOptions options_;
  const Clock& clock_;
  CURLM* const multi_;
  const int epoll_;
  const int wake_;  // an eventfd
  // Of the thread alone.
  absl::Time timer_ = absl::InfiniteFuture();  // when libcurl wants a turn
  std::vector<CURL*> idle_;                    // handles to use again
  absl::flat_hash_map<CURL*, std::unique_ptr<Transfer>> active_;
  // Those of them that wait before they follow a redirect.
  std::multimap<absl::Time, CURL*> waiting_;

  absl::Mutex mutex_;
  std::deque<Order> orders_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CURL_HTTP_CLIENT_H_
