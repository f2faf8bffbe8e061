#ifndef DATELINE_FETCHER_CURL_HTTP_CLIENT_H_
#define DATELINE_FETCHER_CURL_HTTP_CLIENT_H_

#include <curl/curl.h>

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/container/flat_hash_map.h"
#include "absl/status/statusor.h"
#include "absl/strings/string_view.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "fetcher/core/address.h"
#include "fetcher/http_client.h"
#include "fetcher/name_resolver.h"

namespace dateline::fetcher {

struct HttpOptions {
  std::string user_agent;
  AddressPolicy addresses;
  // Addresses of hosts, instead of DNS; judged all the same. Called on the
  // client's thread, once for each hop.
  std::function<std::optional<std::string>(absl::string_view host)> names;
  // "http://HOST:PORT" as ParseProxyUrl gives it; empty for none. The proxy's
  // own address is not judged.
  std::string proxy;
  NameLookUp look_up = LookUpInSystem;  // with a proxy
  // PEM file of the authorities to trust; empty for the system's.
  std::string tls_ca_file;
  size_t max_idle_connections = 2048;
  int64_t max_body_bytes = 10'485'760;  // decoded
  // Of all bodies under way, as received; an answer that finds no room ends as
  // kNoRoom. Beside it each may have 512 KiB.
  size_t max_held_bytes = 256 << 20;
  int64_t max_header_bytes = 262'144;  // of one answer, status line included
  int max_redirects = 5;
  absl::Duration connect_timeout = absl::Seconds(10);
  absl::Duration total_timeout = absl::Seconds(60);  // redirects included
  // An answer slower than 100 bytes a second for this long is given up. Whole
  // seconds.
  absl::Duration stall_timeout = absl::Seconds(15);
};

// Of timers: what the wall clock is set to doesn't touch them.
using SteadyClock = std::chrono::steady_clock;
using SteadyTime = SteadyClock::time_point;

class Transfer;
struct BodyBudget;

// HTTP/1.1 and HTTP/2 over libcurl's multi interface, on one thread, whose cost
// doesn't grow with the number of open requests (epoll). Redirects
// are followed here, one request each, so that each hop's URL and address are
// checked. The address is checked at the moment of connecting, for every
// address that a name gives, so that a name can't change in between.
//
// With a proxy, names are looked up here, before each hop and on other threads,
// and every address that a name has must be allowed. For https the proxy is
// asked to CONNECT to the address that was checked; the name goes to the host
// alone, in TLS. For http it is given the URL. Proxies from the environment are
// not used.
//
// Limitations: for http the proxy looks the name up once more, and may find
// another address: give it rules of its own. A proxy's own error answers to
// http can't be told from the host's.
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
  // Lets the next hop of an active transfer go, once its name is looked up
  // where a proxy wants that.
  void BeginHop(CURL* easy);
  void LookUp(CURL* easy, const std::string& host);
  void TakeLookedUp();
  void Add(CURL* easy);
  // Waits for sockets, timers and Wake, and lets libcurl work.
  void Turn();
  void Wake();
  void CollectEnded();
  // Hands over what came of an active transfer.
  void End(CURL* easy);
  void BeginWaiting();
  int PollMs() const;
  void CancelAll();

  const HttpOptions options_;
  const Clock& clock_;
  CURLM* const multi_;
  const int epoll_;
  const int wake_;  // an eventfd
  // Of the thread alone.
  SteadyTime timer_ = SteadyTime::max();  // when libcurl wants a turn
  std::vector<CURL*> idle_;               // handles to use again
  const std::unique_ptr<BodyBudget> budget_;
  absl::flat_hash_map<CURL*, std::unique_ptr<Transfer>> active_;
  // Those of them that wait before they follow a redirect.
  std::multimap<SteadyTime, CURL*> waiting_;

  struct LookedUp {
    CURL* easy = nullptr;
    absl::StatusOr<std::vector<IpAddress>> addresses;
  };

  absl::Mutex mutex_;
  std::deque<Order> orders_ ABSL_GUARDED_BY(mutex_);
  std::vector<LookedUp> looked_up_ ABSL_GUARDED_BY(mutex_);
  bool stopped_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<NameResolver> resolver_;  // with a proxy
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_CURL_HTTP_CLIENT_H_
