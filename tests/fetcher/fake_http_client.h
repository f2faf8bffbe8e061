#ifndef DATELINE_TESTS_FETCHER_FAKE_HTTP_CLIENT_H_
#define DATELINE_TESTS_FETCHER_FAKE_HTTP_CLIENT_H_

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/match.h"
#include "common/clock.h"
#include "fetcher/http_client.h"

namespace dateline::fetcher {

// Answers when it is told to, from a table; a URL that is not in it is a 404.
// One thread uses it.
class FakeHttpClient final : public HttpClient {
 public:
  explicit FakeHttpClient(const Clock* clock) : clock_(*clock) {}

  void Set(const std::string& url, int status, const std::string& type,
           const std::string& body) {
    FetchResult& answer = answers_[url];
    answer = {};
    answer.url = url;
    answer.status = status;
    answer.body = body;
    answer.body_bytes = static_cast<int64_t>(body.size());
    v1::HttpHeader& header = answer.headers.emplace_back();
    header.set_name("Content-Type");
    header.set_value(type);
  }

  void SetResult(const std::string& url, const FetchResult& result) {
    answers_[url] = result;
  }

  void Fetch(HttpRequest request, Callback callback) override {
    if (!absl::EndsWith(request.url, "/robots.txt")) {
      requests_.push_back(request.url);
    }
    open_.emplace_back(std::move(request), std::move(callback));
  }

  void Stop() override {
    for (auto& [request, callback] : std::exchange(open_, {})) {
      FetchResult cancelled;
      cancelled.error = FetchError::kCancelled;
      callback(std::move(cancelled));
    }
  }

  // Answers what is open; false where nothing is.
  bool AnswerAll() {
    if (open_.empty()) return false;
    for (auto& [request, callback] : std::exchange(open_, {})) {
      FetchResult result = answers_[request.url];
      if (result.error == FetchError::kNone && result.status == 0) {
        result.status = 404;
        result.url = request.url;
      }
      result.end_time = clock_.Now();
      callback(std::move(result));
    }
    return true;
  }

  // Every URL asked for but robots.txt, in order.
  const std::vector<std::string>& requests() const { return requests_; }

 private:
  const Clock& clock_;
  std::map<std::string, FetchResult> answers_;
  std::vector<std::pair<HttpRequest, Callback>> open_;
  std::vector<std::string> requests_;
};

}  // namespace dateline::fetcher

#endif  // DATELINE_TESTS_FETCHER_FAKE_HTTP_CLIENT_H_
