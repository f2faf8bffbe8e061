// What fetching alone costs: asks for the URLs on standard input, one a line,
// by a bare loop over libcurl's multi interface, and prints how many answers
// of 200 came and in how many seconds.
//
//   dateline-fetch-floor CONCURRENCY PORT <urls
//
// Every host is at 127.0.0.1, port PORT. Bodies are decoded and kept until the
// next answer; nothing else is done with them.

#include <curl/curl.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace {

struct Request {
  CURL* easy = nullptr;
  std::string body;
};

size_t OnBody(char* data, size_t size, size_t count, void* request) {
  static_cast<Request*>(request)->body.append(data, size * count);
  return size * count;
}

std::vector<std::string> ReadUrls() {
  std::vector<std::string> urls;
  for (std::string line; std::getline(std::cin, line);) urls.push_back(line);
  return urls;
}

std::unique_ptr<Request> NewRequest(curl_slist* resolve) {
  auto request = std::make_unique<Request>();
  request->easy = curl_easy_init();
  curl_easy_setopt(request->easy, CURLOPT_RESOLVE, resolve);
  curl_easy_setopt(request->easy, CURLOPT_PROXY, "");
  curl_easy_setopt(request->easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(request->easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(request->easy, CURLOPT_WRITEFUNCTION, &OnBody);
  curl_easy_setopt(request->easy, CURLOPT_WRITEDATA, request.get());
  curl_easy_setopt(request->easy, CURLOPT_PRIVATE, request.get());
  return request;
}

class Loop {
 public:
  Loop(const std::vector<std::string>& urls, size_t concurrency,
       curl_slist* resolve)
      : urls_(urls), multi_(curl_multi_init()) {
    constexpr long kIdleConnections = 2048;
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, kIdleConnections);
    for (size_t i = 0; i < concurrency; ++i) {
      requests_.push_back(NewRequest(resolve));
      Begin(*requests_.back());
    }
  }

  // Returns the number of answers of 200.
  size_t Run() {
    constexpr int kPollMs = 1000;
    while (open_ > 0) {
      int running = 0;
      curl_multi_perform(multi_, &running);
      CollectEnded();
      if (open_ > 0) curl_multi_poll(multi_, nullptr, 0, kPollMs, nullptr);
    }
    return good_;
  }

 private:
  void Begin(Request& request) {
    if (next_ == urls_.size()) return;
    request.body.clear();
    curl_easy_setopt(request.easy, CURLOPT_URL, urls_[next_++].c_str());
    curl_multi_add_handle(multi_, request.easy);
    ++open_;
  }

  void CollectEnded() {
    int left = 0;
    while (const CURLMsg* message = curl_multi_info_read(multi_, &left)) {
      CURL* easy = message->easy_handle;
      Request* request = nullptr;
      long status = 0;
      curl_easy_getinfo(easy, CURLINFO_PRIVATE, &request);
      curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &status);
      if (message->data.result == CURLE_OK && status == 200) ++good_;
      curl_multi_remove_handle(multi_, easy);
      --open_;
      Begin(*request);
    }
  }

  const std::vector<std::string>& urls_;
  CURLM* const multi_;
  std::vector<std::unique_ptr<Request>> requests_;
  size_t next_ = 0;
  size_t open_ = 0;
  size_t good_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::cerr << "usage: dateline-fetch-floor CONCURRENCY PORT <urls\n";
    return 2;
  }
  curl_global_init(CURL_GLOBAL_DEFAULT);
  const std::vector<std::string> urls = ReadUrls();
  curl_slist* resolve = curl_slist_append(
      nullptr, ("*:" + std::string(argv[2]) + ":127.0.0.1").c_str());
  const auto begin = std::chrono::steady_clock::now();
  Loop loop(urls, std::strtoul(argv[1], nullptr, 10), resolve);
  const size_t good = loop.Run();
  const std::chrono::duration<double> seconds =
      std::chrono::steady_clock::now() - begin;
  std::printf("{\"pages\": %zu, \"seconds\": %.6f}\n", good, seconds.count());
  return good == urls.size() ? 0 : 1;
}
