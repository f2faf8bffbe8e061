#ifndef DATELINE_FETCHER_HTTP_CLIENT_H_
#define DATELINE_FETCHER_HTTP_CLIENT_H_

#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "absl/time/time.h"
#include "fetcher/core/fetch_result.h"
#include "fetcher/core/robots/robots_rules.h"

namespace dateline::fetcher {

struct HttpRequest {
  std::string url;  // absolute http(s) URL
  // Validators of what is had already; may be empty.
  std::string etag;
  std::string last_modified;

  // Redirects to another host or port end the request as kOtherHost.
  bool stay_on_host = false;
  // What a redirect may lead to; anything where null.
  std::shared_ptr<const RobotsRules> rules = nullptr;
  // That led here already, and count towards the most that are followed.
  int redirects_before = 0;
  // To be waited for before each redirect is followed.
  absl::Duration redirect_delay = absl::ZeroDuration();
  // Of the body, decoded; the client's own bound where 0.
  int64_t max_body_bytes = 0;
  // A longer body is cut there instead of refused.
  bool cut_body = false;
  // The body stays in the content codings it came in. They are undone all the
  // same, for its size, its digest and its start.
  bool keep_codings = false;
};

// Asks for URLs by GET. Thread-safe.
class HttpClient {
 public:
  using Callback = std::function<void(FetchResult)>;

  virtual ~HttpClient() = default;

  // Begins a request. `callback` is called exactly once, later and on a thread
  // of the client, and must not block; it may call Fetch.
  virtual void Fetch(HttpRequest request, Callback callback) = 0;

  // Ends all requests as kCancelled and takes no more: those are cancelled at
  // once, on the caller's thread.
  virtual void Stop() = 0;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_FETCHER_HTTP_CLIENT_H_
