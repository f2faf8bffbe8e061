#ifndef DATELINE_FETCHER_TRANSFER_H_
#define DATELINE_FETCHER_TRANSFER_H_

#include <curl/curl.h>

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/clock.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/curl_http_client.h"
#include "fetcher/http_client.h"

namespace dateline::fetcher {

// What bodies under way take together, for one thread's transfers.
struct BodyBudget {
  size_t most = 0;
  size_t held = 0;
  // Of a body decoded before, for the next one: a page's takes longer to get
  // from the heap than to fill.
  std::string room = {};
};

// One request and the redirects that follow from it, over one easy handle.
// CurlHttpClient's part. One thread uses it; `options`, `clock` and `budget`
// must outlive it.
class Transfer {
 public:
  // Owns `easy`, which may have been used before.
  Transfer(const HttpOptions& options, const Clock& clock, BodyBudget* budget,
           CURL* easy, HttpRequest request, HttpClient::Callback callback);
  ~Transfer();
  Transfer(const Transfer&) = delete;

  // Null where libcurl has no memory.
  CURL* easy() const { return easy_; }

  // Gives the handle back, for another transfer; only the destructor may
  // follow.
  CURL* ReleaseEasy();

  // The host that the next hop asks.
  std::string HopHost() const;

  // With a proxy, before Prepare: the addresses of HopHost, or why there are
  // none. False where the transfer ends with that.
  bool TakeAddresses(const absl::StatusOr<std::vector<IpAddress>>& addresses);

  // Sets the handle up for the next hop; to be added to a multi handle then.
  void Prepare();

  // Takes in how a hop ended. True where another follows: Prepare again, after
  // redirect_delay.
  bool HopEnded(CURLcode code);

  absl::Duration redirect_delay() const { return request_.redirect_delay; }

  // Hands the result over. Once.
  void Deliver();
  void Cancel();

 private:
  static size_t OnHeader(char* data, size_t size, size_t count, void* self);
  static size_t OnBody(char* data, size_t size, size_t count, void* self);
  static curl_socket_t OnOpenSocket(void* self, curlsocktype purpose,
                                    curl_sockaddr* address);

  // Charges the budget with more of the body. False where that has no room.
  bool Charge(size_t bytes);
  void ReleaseBudget();
  void SetResolve();
  void SetProxy();
  // False where the address is not allowed; found_ says why.
  bool JudgeAddress(const IpAddress& address);
  bool TakeHeader(absl::string_view line);
  // The redirect that the answer asks for, if any; sets `error` where it is
  // none to follow.
  std::optional<std::string> RedirectTarget();
  void SetError(CURLcode code);
  // Undoes the body's content codings.
  void Decode();
  // `decoded` is the body once `codings` are undone.
  void TakeDecoded(std::vector<std::string> codings, std::string decoded);
  void SetDecodeError(const absl::Status& status);

  const HttpOptions& options_;
  const Clock& clock_;
  BodyBudget& budget_;
  size_t charged_ = 0;
  const HttpRequest request_;
  HttpClient::Callback callback_;
  CURL* easy_;
  curl_slist* headers_ = nullptr;
  curl_slist* resolve_ = nullptr;
  curl_slist* connect_to_ = nullptr;
  std::optional<IpAddress> checked_;  // with a proxy, of this hop
  char error_text_[CURL_ERROR_SIZE] = {};

  const int64_t max_body_bytes_;
  SteadyTime start_;  // later by what was waited between redirects
  std::string host_;  // of the URL asked for
  std::string hop_url_;
  int64_t header_bytes_ = 0;
  bool is_cut_ = false;
  // What our own checks found while libcurl was at work; its code only says
  // that it was stopped.
  FetchError found_ = FetchError::kNone;
  std::string found_detail_;
  FetchResult result_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_TRANSFER_H_
