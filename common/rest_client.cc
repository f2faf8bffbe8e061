#include "common/rest_client.h"

#include <algorithm>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"

namespace dateline {
namespace {

constexpr size_t kMaxIdle = 64;

// Of an answer.
constexpr size_t kMaxBody = size_t{256} << 20;

// Less than there is ends the request with CURLE_WRITE_ERROR.
size_t Append(char* data, size_t size, size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kMaxBody) return 0;
  text.append(data, size * count);
  return size * count;
}

// Scheme, host and port: what a message may show.
absl::StatusOr<std::string> NameOf(const std::string& flag,
                                   const std::string& url) {
  CURLU* parsed = curl_url();
  char* text = nullptr;
  const bool ok =
      curl_url_set(parsed, CURLUPART_URL, url.c_str(), 0) == CURLUE_OK &&
      curl_url_set(parsed, CURLUPART_USER, nullptr, 0) == CURLUE_OK &&
      curl_url_set(parsed, CURLUPART_PASSWORD, nullptr, 0) == CURLUE_OK &&
      curl_url_set(parsed, CURLUPART_PATH, nullptr, 0) == CURLUE_OK &&
      curl_url_set(parsed, CURLUPART_QUERY, nullptr, 0) == CURLUE_OK &&
      curl_url_set(parsed, CURLUPART_FRAGMENT, nullptr, 0) == CURLUE_OK &&
      curl_url_get(parsed, CURLUPART_URL, &text, 0) == CURLUE_OK;
  std::string name = ok ? text : "";
  curl_free(text);
  curl_url_cleanup(parsed);
  if (!ok || !(absl::StartsWith(name, "http://") ||
               absl::StartsWith(name, "https://"))) {
    // The value may hold a password.
    return absl::InvalidArgumentError(
        absl::StrCat(flag, ": takes an address like http://127.0.0.1:8080"));
  }
  return std::string(absl::StripSuffix(name, "/"));
}

class HeaderList {
 public:
  explicit HeaderList(const char* content_type) {
    Add(absl::StrCat("Content-Type: ", content_type));
    // Else a large body waits for a "100 Continue".
    Add("Expect:");
  }
  ~HeaderList() { curl_slist_free_all(list_); }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;

  curl_slist* get() const { return list_; }

 private:
  void Add(const std::string& line) {
    list_ = curl_slist_append(list_, line.c_str());
  }
  curl_slist* list_ = nullptr;
};

// Whether the request was, or may have been, under way when it failed.
bool WasConnected(CURL* easy) {
  curl_off_t connected_us = 0;
  curl_easy_getinfo(easy, CURLINFO_PRETRANSFER_TIME_T, &connected_us);
  return connected_us > 0;
}

}  // namespace

struct RestClient::Attempt {
  absl::Status status;
  RestResponse response;
  bool next_node = false;
};

absl::StatusOr<std::unique_ptr<RestClient>> RestClient::Create(
    const RestOptions& options) {
  static const CURLcode global = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (global != CURLE_OK) {
    return absl::InternalError("libcurl can't be started");
  }
  std::unique_ptr<RestClient> client(new RestClient(options));
  for (const std::string& url : options.urls) {
    if (absl::Status status = client->AddNode(options.flag, url); !status.ok())
      return status;
  }
  if (client->nodes_.empty()) {
    return absl::InvalidArgumentError(
        absl::StrCat(options.flag, ": names no node"));
  }
  return client;
}

absl::Status RestClient::AddNode(const std::string& flag,
                                 const std::string& url) {
  absl::StatusOr<std::string> name = NameOf(flag, url);
  if (!name.ok()) return name.status();
  nodes_.push_back(
      {std::string(absl::StripSuffix(url, "/")), *std::move(name)});
  return absl::OkStatus();
}

RestClient::~RestClient() {
  absl::MutexLock lock(&mutex_);
  for (CURL* easy : idle_) curl_easy_cleanup(easy);
}

CURL* RestClient::Borrow() const {
  absl::MutexLock lock(&mutex_);
  if (idle_.empty()) return curl_easy_init();
  CURL* easy = idle_.back();
  idle_.pop_back();
  return easy;
}

void RestClient::GiveBack(CURL* easy) const {
  // Keeps the connection.
  curl_easy_reset(easy);
  absl::MutexLock lock(&mutex_);
  if (idle_.size() < kMaxIdle) {
    idle_.push_back(easy);
  } else {
    curl_easy_cleanup(easy);
  }
}

absl::StatusOr<RestResponse> RestClient::Send(
    const RestRequest& request) const {
  absl::Status status;
  for (size_t tried = 0; tried < nodes_.size(); ++tried) {
    const size_t at = node_;
    Attempt attempt = TryNode(nodes_[at % nodes_.size()], request);
    if (attempt.status.ok()) return std::move(attempt.response);
    status = attempt.status;
    // One of several callers that saw the node fail moves on from it.
    size_t expected = at;
    node_.compare_exchange_strong(expected, at + 1);
    if (!attempt.next_node) break;
  }
  return status;
}

void RestClient::SetUp(CURL* easy, const RestRequest& request) const {
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_PROXY, "");
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, nullptr);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS,
                   static_cast<long>(absl::ToInt64Milliseconds(
                       std::min(connect_timeout_, request.timeout))));
  curl_easy_setopt(
      easy, CURLOPT_TIMEOUT_MS,
      static_cast<long>(absl::ToInt64Milliseconds(request.timeout)));
  if (absl::string_view(request.method) == "HEAD") {
    curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
  } else {
    curl_easy_setopt(easy, CURLOPT_CUSTOMREQUEST, request.method);
  }
  if (!request.body.empty()) {
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     static_cast<curl_off_t>(request.body.size()));
    curl_easy_setopt(easy, CURLOPT_POSTFIELDS, request.body.data());
  }
}

void RestClient::Explain(CURLcode code, CURL* easy, const Node& node,
                         absl::Duration timeout, Attempt& attempt) const {
  if (code == CURLE_WRITE_ERROR) {
    attempt.status = absl::ResourceExhaustedError(absl::StrCat(
        "the answer of ", server_, " at ", node.name, " is too large"));
  } else if (code == CURLE_OPERATION_TIMEDOUT && WasConnected(easy)) {
    // Another node would be as slow.
    attempt.status = absl::UnavailableError(
        absl::StrCat(server_, " at ", node.name, " did not answer within ",
                     absl::FormatDuration(timeout)));
  } else {
    attempt.next_node = true;
    attempt.status = absl::UnavailableError(absl::StrCat(
        server_, " at ", node.name, " is away: ", curl_easy_strerror(code)));
  }
}

RestClient::Attempt RestClient::TryNode(const Node& node,
                                        const RestRequest& request) const {
  Attempt attempt;
  CURL* easy = Borrow();
  if (easy == nullptr) {
    attempt.status = absl::ResourceExhaustedError("no memory for a connection");
    return attempt;
  }
  const HeaderList headers(request.content_type);
  const std::string url = absl::StrCat(node.url, request.path);
  SetUp(easy, request);
  curl_easy_setopt(easy, CURLOPT_URL, url.c_str());
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers.get());
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, &Append);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, &attempt.response.body);
  const CURLcode code = curl_easy_perform(easy);
  if (code == CURLE_OK) {
    curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &attempt.response.status);
  } else {
    Explain(code, easy, node, request.timeout, attempt);
  }
  GiveBack(easy);
  return attempt;
}

}  // namespace dateline
