#ifndef DATELINE_TESTS_FETCHER_LOOPBACK_HTTP_SERVER_H_
#define DATELINE_TESTS_FETCHER_LOOPBACK_HTTP_SERVER_H_

#include <functional>
#include <map>
#include <string>
#include <thread>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace dateline::fetcher {

// One connection of a LoopbackHttpServer, as a script sees it.
class LoopbackConnection {
 public:
  LoopbackConnection(int socket, const std::string& request)
      : socket_(socket), request_(request) {}

  // The request's head, line by line as received.
  const std::string& request() const { return request_; }

  // False once the client has gone.
  bool Send(const std::string& bytes);
  // A whole answer with Content-Length.
  bool Answer(int status, const std::string& headers, const std::string& body);
  // Waits until the client goes.
  void WaitForClose();

 private:
  const int socket_;
  const std::string request_;
};

// A real HTTP/1.1 server on 127.0.0.1 and a free port, of ill will where its
// scripts have it. One request a connection. A path without a script is a 404.
class LoopbackHttpServer {
 public:
  using Script = std::function<void(LoopbackConnection&)>;

  LoopbackHttpServer();
  // Waits for scripts that run; they end when their clients are gone.
  ~LoopbackHttpServer();

  // To be called before the first request. `path` includes the query.
  void On(const std::string& path, Script script);

  int port() const { return port_; }
  // "http://127.0.0.1:PORT" and the path.
  std::string Url(const std::string& path) const;
  // Paths asked for, in their order.
  std::vector<std::string> Paths() const ABSL_LOCKS_EXCLUDED(mutex_);

 private:
  void Run();
  void Serve(int socket) ABSL_LOCKS_EXCLUDED(mutex_);

  int listener_ = -1;
  int port_ = 0;
  std::map<std::string, Script> scripts_;
  mutable absl::Mutex mutex_;
  std::vector<std::string> paths_ ABSL_GUARDED_BY(mutex_);
  std::vector<std::thread> connections_;  // of the thread alone
  std::thread thread_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_TESTS_FETCHER_LOOPBACK_HTTP_SERVER_H_
