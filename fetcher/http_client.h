#ifndef DATELINE_FETCHER_HTTP_CLIENT_H_
#define DATELINE_FETCHER_HTTP_CLIENT_H_

#include <functional>
#include <string>

#include "fetcher/core/fetch_result.h"

namespace dateline::fetcher {

struct HttpRequest {
  std::string url;  // absolute http(s) URL
  // Validators of what is had already; may be empty.
  std::string etag;
  std::string last_modified;
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
