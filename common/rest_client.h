#ifndef DATELINE_COMMON_REST_CLIENT_H_
#define DATELINE_COMMON_REST_CLIENT_H_

#include <curl/curl.h>

#include <atomic>
#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "absl/status/statusor.h"
#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace dateline {

struct RestOptions {
  // Whom messages speak of, "OpenSearch", and the flag that gave the URLs.
  std::string server = {};
  std::string flag = {};
  // The nodes of one cluster: "http://127.0.0.1:9200",
  // "https://user:word@host".
  std::vector<std::string> urls = {};
  absl::Duration connect_timeout = absl::Seconds(2);
};

struct RestRequest {
  // "GET", "HEAD", "POST", "PUT" or "DELETE".
  const char* method = "GET";
  // From the slash on.
  std::string path = {};
  std::string body = {};
  const char* content_type = "application/json";
  // For the whole of one attempt.
  absl::Duration timeout = absl::Seconds(10);
};

struct RestResponse {
  long status = 0;
  std::string body = {};
};

// HTTP to a service that Dateline itself relies on, not to the web: requests to
// whichever node of a cluster answers, over connections that are kept. Stays
// with a node until that one fails. A request that could not be sent, or whose
// connection broke, is sent to the next node, each node once: so only send what
// may arrive twice. Thread-safe; a request holds its caller's thread.
class RestClient {
 public:
  // kInvalidArgument where there is no URL or one that is none.
  static absl::StatusOr<std::unique_ptr<RestClient>> Create(
      const RestOptions& options);
  ~RestClient();
  RestClient(const RestClient&) = delete;
  RestClient& operator=(const RestClient&) = delete;

  // Any answer is OK, whatever its status. kUnavailable, naming the node: none
  // could be reached, or one did not answer in time.
  absl::StatusOr<RestResponse> Send(const RestRequest& request) const;

  // A node that is in use, without user and password; for messages.
  const std::string& name() const { return nodes_[node_ % nodes_.size()].name; }

 private:
  struct Node {
    std::string url;
    std::string name;
  };
  struct Attempt;

  explicit RestClient(const RestOptions& options)
      : server_(options.server), connect_timeout_(options.connect_timeout) {}

  absl::Status AddNode(const std::string& flag, const std::string& url);
  Attempt TryNode(const Node& node, const RestRequest& request) const;
  // All but the address, the headers and where the answer goes.
  void SetUp(CURL* easy, const RestRequest& request) const;
  // Why a request to `node` gave no answer, and whether another may.
  void Explain(CURLcode code, CURL* easy, const Node& node,
               absl::Duration timeout, Attempt& attempt) const;
  CURL* Borrow() const;
  void GiveBack(CURL* easy) const;

  const std::string server_;
  const absl::Duration connect_timeout_;
  std::vector<Node> nodes_;
  mutable std::atomic<size_t> node_ = 0;
  mutable absl::Mutex mutex_;
  // Each with the connection it used last.
  mutable std::vector<CURL*> idle_ ABSL_GUARDED_BY(mutex_);
};

}  // namespace dateline

#endif  // DATELINE_COMMON_REST_CLIENT_H_
