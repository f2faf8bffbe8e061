#include "fetcher/curl_http_client.h"

#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/mutex.h"
#include "absl/synchronization/notification.h"
#include "common/clock.h"
#include "common/sha256.h"
#include "fetcher/core/name_table.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/fetcher/loopback_http_server.h"
#include "tests/support/coded.h"

namespace dateline::fetcher {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

constexpr char kHtml[] = "Content-Type: text/html; charset=utf-8\r\n";

auto Names(NameTable table) {
  return [table = std::move(table)](absl::string_view host) {
    return table.AddressOf(host);
  };
}

IpAddress Ip(absl::string_view text) { return ParseIpAddress(text).value(); }

class CurlHttpClientTest : public testing::Test {
 protected:
  CurlHttpClientTest() {
    options_.user_agent = "Dateline/test";
    options_.addresses.allowed = AddressRanges::Parse("127.0.0.1").value();
    options_.max_body_bytes = 100'000;
    options_.max_header_bytes = 20'000;
    options_.total_timeout = absl::Seconds(20);
    options_.stall_timeout = absl::Seconds(1);
  }

  FetchResult Fetch(HttpRequest request) {
    if (client_ == nullptr) {
      client_ = CurlHttpClient::Create(options_, &clock_).value();
    }
    FetchResult result;
    absl::Notification ended;
    client_->Fetch(std::move(request), [&](FetchResult answer) {
      result = std::move(answer);
      ended.Notify();
    });
    ended.WaitForNotification();
    return result;
  }
  FetchResult Get(const std::string& path) {
    return Fetch({server_.Url(path), "", ""});
  }

  SystemClock clock_;
  HttpOptions options_;
  LoopbackHttpServer server_;
  std::unique_ptr<CurlHttpClient> client_;
};

TEST_F(CurlHttpClientTest, HandsOnTheAnswerAsReceived) {
  std::string request;
  server_.On("/a?b=c", [&](LoopbackConnection& connection) {
    request = connection.request();
    connection.Answer(200, absl::StrCat(kHtml, "X-One:  1 \r\nx-one: 2\r\n"),
                      std::string("a\0b\xFF", 4));
  });
  const FetchResult result = Get("/a?b=c");
  EXPECT_EQ(result.error, FetchError::kNone) << result.detail;
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.url, server_.Url("/a?b=c"));
  EXPECT_EQ(result.body, std::string("a\0b\xFF", 4));
  EXPECT_EQ(result.body_bytes, 4);
  EXPECT_EQ(result.address, "127.0.0.1");
  EXPECT_EQ(FindHttpHeader(result.headers, "content-type"),
            "text/html; charset=utf-8");
  EXPECT_EQ(FindHttpHeader(result.headers, "X-ONE"), "2");
  EXPECT_THAT(result.headers, SizeIs(5));
  EXPECT_THAT(request, HasSubstr("User-Agent: Dateline/test\r\n"));
  EXPECT_THAT(request, HasSubstr("Accept-Encoding: deflate, gzip, br, zstd"));
}

TEST_F(CurlHttpClientTest, AsksConditionally) {
  std::string request;
  server_.On("/", [&](LoopbackConnection& connection) {
    request = connection.request();
    connection.Send("HTTP/1.1 304 x\r\nConnection: close\r\n\r\n");
  });
  const FetchResult result =
      Fetch({server_.Url("/"), "\"tag\"", "Tue, 15 Feb 2022 09:30:00 GMT"});
  EXPECT_EQ(result.status, 304);
  EXPECT_THAT(request, HasSubstr("If-None-Match: \"tag\"\r\n"));
  EXPECT_THAT(request,
              HasSubstr("If-Modified-Since: Tue, 15 Feb 2022 09:30:00 GMT"));
}

TEST_F(CurlHttpClientTest, DecodesGzip) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, absl::StrCat(kHtml, "Content-Encoding: gzip\r\n"),
                      Gzip("a page"));
  });
  EXPECT_EQ(Get("/").body, "a page");
}

TEST_F(CurlHttpClientTest, DecodesWhatElseItSaysItTakes) {
  const std::pair<const char*, std::string> codings[] = {
      {"br", Brotli("a page")},
      {"zstd", Zstd("a page")},
      {"deflate", Gzip("a page", 15)},
      {"gzip, br", Brotli(Gzip("a page"))}};
  for (const auto& [name, body] : codings) {
    const std::string path = absl::StrCat("/", std::string(name, 1));
    server_.On(path, [&](LoopbackConnection& connection) {
      connection.Answer(
          200, absl::StrCat(kHtml, "Content-Encoding: ", name, "\r\n"), body);
    });
    const FetchResult result = Get(path);
    EXPECT_EQ(result.body, "a page") << name << ": " << result.detail;
  }
}

TEST_F(CurlHttpClientTest, KeepsCodingsWhereTheyAreAskedFor) {
  const std::string page = absl::StrCat("a page", std::string(2000, '.'));
  const std::string coded = Brotli(Gzip(page));
  server_.On("/", [&](LoopbackConnection& connection) {
    connection.Answer(
        200, absl::StrCat(kHtml, "Content-Encoding: X-Gzip, br\r\n"), coded);
  });
  HttpRequest request;
  request.url = server_.Url("/");
  request.keep_codings = true;
  const FetchResult result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kNone) << result.detail;
  EXPECT_EQ(result.body, coded);
  EXPECT_THAT(result.content_codings, ElementsAre("gzip", "br"));
  EXPECT_EQ(result.body_bytes, 2006);
  EXPECT_EQ(result.body_sha256, Sha256(page));
  EXPECT_EQ(BodyStart(result), page.substr(0, 1024));
}

TEST_F(CurlHttpClientTest, KeepsNoCodingsOfNothing) {
  server_.On("/", [&](LoopbackConnection& connection) {
    connection.Answer(200, absl::StrCat(kHtml, "Content-Encoding: gzip\r\n"),
                      Gzip(""));
  });
  HttpRequest request;
  request.url = server_.Url("/");
  request.keep_codings = true;
  const FetchResult result = Fetch(request);
  EXPECT_EQ(result.body, "");
  EXPECT_THAT(result.content_codings, IsEmpty());
  EXPECT_EQ(result.body_sha256, Sha256(""));
}

TEST_F(CurlHttpClientTest, GivesUpBombsThoughItKeepsCodings) {
  server_.On("/", [&](LoopbackConnection& connection) {
    connection.Answer(200, absl::StrCat(kHtml, "Content-Encoding: gzip\r\n"),
                      Gzip(std::string(100'001, 'x')));
  });
  HttpRequest request;
  request.url = server_.Url("/");
  request.keep_codings = true;
  const FetchResult result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kTooLarge) << result.detail;
  EXPECT_EQ(result.body, "");
  EXPECT_THAT(result.content_codings, IsEmpty());
}

TEST_F(CurlHttpClientTest, GivesUpBombsOfEveryCoding) {
  const std::string large(50'000'000, 'x');
  const std::pair<const char*, std::string> bombs[] = {
      {"br", Brotli(large)},
      {"zstd", Zstd(large)},
      {"deflate", Gzip(large, 15)}};
  for (const auto& [name, bomb] : bombs) {
    ASSERT_LT(bomb.size(), 90'000U) << name;
    server_.On(absl::StrCat("/", name), [&](LoopbackConnection& connection) {
      connection.Answer(
          200, absl::StrCat(kHtml, "Content-Encoding: ", name, "\r\n"), bomb);
    });
    const FetchResult result = Get(absl::StrCat("/", name));
    EXPECT_EQ(result.error, FetchError::kTooLarge) << name << result.detail;
    EXPECT_EQ(result.body, "");
    EXPECT_LT(result.body_bytes, 1'000'000) << name;
  }
}

TEST_F(CurlHttpClientTest, GivesUpBrokenGzip) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, absl::StrCat(kHtml, "Content-Encoding: gzip\r\n"),
                      "this is not gzip at all, but says so");
  });
  const FetchResult result = Get("/");
  EXPECT_EQ(result.error, FetchError::kEncoding) << result.detail;
  EXPECT_EQ(result.body, "");
}

TEST_F(CurlHttpClientTest, GivesUpAGzipBomb) {
  const std::string bomb = Gzip(std::string(50'000'000, 'x'));
  server_.On("/", [&](LoopbackConnection& connection) {
    connection.Answer(200, absl::StrCat(kHtml, "Content-Encoding: gzip\r\n"),
                      bomb.substr(0, 90'000));
  });
  const FetchResult result = Get("/");
  EXPECT_EQ(result.error, FetchError::kTooLarge) << result.detail;
  EXPECT_EQ(result.body, "");
  EXPECT_LT(result.body_bytes, 200'000);
}

TEST_F(CurlHttpClientTest, GivesUpABodyThatNeverEnds) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send(absl::StrCat("HTTP/1.1 200 x\r\n", kHtml, "\r\n"));
    while (connection.Send(std::string(1000, 'x'))) {
    }
  });
  const FetchResult result = Get("/");
  EXPECT_EQ(result.error, FetchError::kTooLarge) << result.detail;
  EXPECT_EQ(result.body, "");
}

TEST_F(CurlHttpClientTest, GivesUpABodyThatSaysItIsTooLarge) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 x\r\nContent-Length: 100001\r\n\r\n");
    connection.WaitForClose();
  });
  EXPECT_EQ(Get("/").error, FetchError::kTooLarge);
}

TEST_F(CurlHttpClientTest, TakesABodyOfExactlyTheLargestSize) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, std::string(100'000, 'x'));
  });
  EXPECT_THAT(Get("/").body, SizeIs(100'000));
}

TEST_F(CurlHttpClientTest, HoldsNoMoreOfAllBodiesThanItMay) {
  options_.max_body_bytes = 4'000'000;
  options_.max_held_bytes = 1'000'000;
  server_.On("/large", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, std::string(900'000, 'x'));
  });
  server_.On("/larger", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, std::string(3'000'000, 'x'));
  });
  for (int round = 0; round < 3; ++round) {
    const FetchResult larger = Get("/larger");
    EXPECT_EQ(larger.error, FetchError::kNoRoom) << larger.detail;
    EXPECT_EQ(larger.body, "");
    EXPECT_THAT(Get("/large").body, SizeIs(900'000)) << "room is given back";
  }
  options_.max_held_bytes = 0;
  client_ = nullptr;
  server_.On("/page", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, std::string(500'000, 'x'));
  });
  EXPECT_THAT(Get("/page").body, SizeIs(500'000)) << "small bodies have room";
}

TEST_F(CurlHttpClientTest, GivesUpEndlessHeaders) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 x\r\n");
    for (int i = 0; connection.Send(absl::StrCat("X-", i, ": y\r\n")); ++i) {
    }
  });
  EXPECT_EQ(Get("/").error, FetchError::kHeadersTooLarge);
}

TEST_F(CurlHttpClientTest, GivesUpAnEndlessHeaderLine) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 x\r\nX: ");
    while (connection.Send(std::string(1000, 'x'))) {
    }
  });
  EXPECT_EQ(Get("/").error, FetchError::kHeadersTooLarge);
}

TEST_F(CurlHttpClientTest, GivesUpASilentServer) {
  server_.On("/silent",
             [](LoopbackConnection& connection) { connection.WaitForClose(); });
  server_.On("/stops", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 x\r\nContent-Length: 1000\r\n\r\nstart");
    connection.WaitForClose();
  });
  EXPECT_EQ(Get("/silent").error, FetchError::kStalled);
  const FetchResult result = Get("/stops");
  EXPECT_EQ(result.error, FetchError::kStalled) << result.detail;
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.body, "");
}

TEST_F(CurlHttpClientTest, GivesUpWhenTheTimeIsUp) {
  options_.total_timeout = absl::Milliseconds(200);
  server_.On("/",
             [](LoopbackConnection& connection) { connection.WaitForClose(); });
  EXPECT_EQ(Get("/").error, FetchError::kTimeout);
}

TEST_F(CurlHttpClientTest, GivesUpABodyThatIsCutOff) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 x\r\nContent-Length: 1000\r\n\r\nstart");
  });
  EXPECT_EQ(Get("/").error, FetchError::kProtocol);
}

TEST_F(CurlHttpClientTest, GivesUpWhatIsNotHttp) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Send("SSH-2.0-OpenSSH_9.2\r\n");
  });
  EXPECT_EQ(Get("/").error, FetchError::kProtocol);
}

TEST_F(CurlHttpClientTest, FollowsRedirectsAndNamesThem) {
  server_.On("/1", [](LoopbackConnection& connection) {
    connection.Answer(301, "Location: ../2?x=y#z\r\n", "moved");
  });
  server_.On("/2?x=y", [](LoopbackConnection& connection) {
    connection.Answer(307, "Location: /3\r\n", "");
  });
  server_.On("/3", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "here");
  });
  const FetchResult result = Get("/1");
  EXPECT_EQ(result.body, "here");
  EXPECT_EQ(result.url, server_.Url("/3"));
  ASSERT_THAT(result.redirects, SizeIs(2));
  EXPECT_EQ(result.redirects[0].url(), server_.Url("/1"));
  EXPECT_EQ(result.redirects[0].status(), 301);
  EXPECT_EQ(result.redirects[1].url(), server_.Url("/2?x=y"));
  EXPECT_EQ(result.redirects[1].status(), 307);
}

TEST_F(CurlHttpClientTest, FollowsAtMostFiveRedirects) {
  server_.On("/loop", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: /loop\r\n", "");
  });
  EXPECT_EQ(Get("/loop").error, FetchError::kTooManyRedirects);
  EXPECT_THAT(server_.Paths(), SizeIs(6));
}

TEST_F(CurlHttpClientTest, RedirectsThatLedHereCount) {
  server_.On("/first", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: /second\r\n", "");
  });
  server_.On("/second", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: http://other.test/\r\n", "");
  });
  HttpRequest request;
  request.url = server_.Url("/first");
  request.stay_on_host = true;
  request.redirects_before = 3;
  FetchResult result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kOtherHost);
  EXPECT_THAT(result.redirects, SizeIs(1));
  request.redirects_before = 4;
  result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kTooManyRedirects);
  EXPECT_EQ(result.moved_to, "");
}

TEST_F(CurlHttpClientTest, FollowsNoRedirectToWhereItMayNotGo) {
  const auto redirect = [](const std::string& target) {
    return [target](LoopbackConnection& connection) {
      connection.Answer(302, absl::StrCat("Location: ", target, "\r\n"), "");
    };
  };
  server_.On("/metadata", redirect("http://169.254.169.254/latest"));
  server_.On("/v6", redirect("http://[::1]/"));
  server_.On("/other", redirect("http://127.0.0.2/"));
  server_.On("/file", redirect("file:///etc/passwd"));
  server_.On("/gopher", redirect("gopher://127.0.0.1/"));
  server_.On("/user", redirect("http://me:secret@127.0.0.1/"));
  server_.On("/none", [](LoopbackConnection& connection) {
    connection.Answer(302, "", "");
  });
  for (const char* path : {"/metadata", "/v6", "/other"}) {
    EXPECT_EQ(Get(path).error, FetchError::kAddressRefused) << path;
  }
  for (const char* path : {"/file", "/gopher", "/user", "/none"}) {
    EXPECT_EQ(Get(path).error, FetchError::kBadRedirect) << path;
  }
  EXPECT_THAT(Get("/metadata").detail, HasSubstr("169.254.169.254"));
}

TEST_F(CurlHttpClientTest, ChecksMappedAddressesByWhatTheyStandFor) {
  options_.addresses.allowed = AddressRanges();
  const std::string url =
      absl::StrCat("http://[::ffff:127.0.0.1]:", server_.port(), "/");
  EXPECT_EQ(Fetch({url, "", ""}).error, FetchError::kAddressRefused);
  EXPECT_EQ(Get("/").error, FetchError::kAddressRefused);
  const std::string named =
      absl::StrCat("http://localhost:", server_.port(), "/");
  EXPECT_EQ(Fetch({named, "", ""}).error, FetchError::kAddressRefused);
  EXPECT_THAT(server_.Paths(), SizeIs(0));
}

TEST_F(CurlHttpClientTest, AsksNobodyElseWithoutContact) {
  options_.addresses.allowed = AddressRanges::Parse("0.0.0.0/0").value();
  EXPECT_EQ(Fetch({"http://192.0.2.1/", "", ""}).error, FetchError::kNoContact);
}

TEST_F(CurlHttpClientTest, SaysWhenNobodyListens) {
  int port = 0;
  { port = LoopbackHttpServer().port(); }
  const std::string url = absl::StrCat("http://127.0.0.1:", port, "/");
  EXPECT_EQ(Fetch({url, "", ""}).error, FetchError::kConnect);
}

TEST_F(CurlHttpClientTest, SlowHostsDoNotHoldUpOthers) {
  server_.On("/slow",
             [](LoopbackConnection& connection) { connection.WaitForClose(); });
  server_.On("/quick", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "quick");
  });
  options_.stall_timeout = absl::Seconds(10);
  client_ = CurlHttpClient::Create(options_, &clock_).value();
  absl::Notification slow_ended;
  FetchError slow = FetchError::kNone;
  client_->Fetch({server_.Url("/slow"), "", ""}, [&](FetchResult result) {
    slow = result.error;
    slow_ended.Notify();
  });
  EXPECT_EQ(Get("/quick").body, "quick");
  EXPECT_FALSE(slow_ended.HasBeenNotified());
  client_->Stop();
  slow_ended.WaitForNotification();
  EXPECT_EQ(slow, FetchError::kCancelled);
  EXPECT_EQ(Get("/quick").error, FetchError::kCancelled);
}

TEST_F(CurlHttpClientTest, ManyRequestsEachEndOnce) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "page");
  });
  client_ = CurlHttpClient::Create(options_, &clock_).value();
  constexpr int kRequests = 200;
  absl::BlockingCounter ended(kRequests);
  std::atomic<int> good = 0;
  for (int i = 0; i < kRequests; ++i) {
    client_->Fetch({server_.Url("/"), "", ""}, [&](FetchResult result) {
      if (result.body == "page") ++good;
      ended.DecrementCount();
    });
  }
  ended.Wait();
  EXPECT_EQ(good, kRequests);
}

TEST_F(CurlHttpClientTest, LeavesRedirectsToOtherHostsToItsCaller) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: http://other.example/x\r\n", "");
  });
  HttpRequest request{server_.Url("/"), "", ""};
  request.stay_on_host = true;
  const FetchResult result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kOtherHost);
  EXPECT_EQ(result.moved_to, "http://other.example/x");
}

TEST_F(CurlHttpClientTest, RedirectsObeyRulesAndDelay) {
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: /private/x\r\n", "");
  });
  server_.On("/ok", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: /there\r\n", "");
  });
  server_.On("/there", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "a page");
  });
  HttpRequest request{server_.Url("/"), "", ""};
  request.rules = std::make_shared<RobotsRules>(
      ParseRobots("User-agent: *\nDisallow: /private/", "Dateline"));
  request.redirect_delay = absl::Milliseconds(200);
  EXPECT_EQ(Fetch(request).error, FetchError::kRobots);
  request.url = server_.Url("/ok");
  const absl::Time begin = absl::Now();
  EXPECT_EQ(Fetch(request).body, "a page");
  EXPECT_GE(absl::Now() - begin, absl::Milliseconds(200));
}

TEST_F(CurlHttpClientTest, CutsABodyWhereItIsToldTo) {
  server_.On("/robots.txt", [](LoopbackConnection& connection) {
    connection.Send("HTTP/1.1 200 OK\r\nContent-Length: 1000000000\r\n\r\n");
    while (connection.Send(std::string(10'000, 'a'))) {
    }
  });
  HttpRequest request{server_.Url("/robots.txt"), "", ""};
  request.max_body_bytes = 250'000;
  request.cut_body = true;
  const FetchResult result = Fetch(request);
  EXPECT_EQ(result.error, FetchError::kNone) << result.detail;
  EXPECT_EQ(result.status, 200);
  EXPECT_EQ(result.body.size(), 250'000U);
}

TEST_F(CurlHttpClientTest, ResolvesNamesAsGivenAndJudgesTheirAddresses) {
  options_.names =
      Names(NameTable::Parse("*.test=127.0.0.1,bad.example=127.0.0.2").value());
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "a page");
  });
  const auto get = [&](const char* host) {
    return Fetch(
        {absl::StrCat("http://", host, ":", server_.port(), "/"), "", ""});
  };
  EXPECT_EQ(get("one.test").body, "a page");
  EXPECT_EQ(get("two.test").body, "a page");
  EXPECT_EQ(get("bad.example").error, FetchError::kAddressRefused);
}

TEST_F(CurlHttpClientTest, JudgesANameAnewWheneverItConnects) {
  std::deque<std::string> answers = {"127.0.0.1", "10.0.0.1"};
  options_.names = [&](absl::string_view) -> std::optional<std::string> {
    std::string answer = answers.front();
    answers.pop_front();
    return answer;
  };
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(200, "Connection: close\r\n", "a page");
  });
  const std::string url =
      absl::StrCat("http://changes.test:", server_.port(), "/");
  EXPECT_EQ(Fetch({url, "", ""}).body, "a page");
  const FetchResult second = Fetch({url, "", ""});
  EXPECT_EQ(second.error, FetchError::kAddressRefused);
  EXPECT_EQ(second.detail, "10.0.0.1");
  EXPECT_THAT(answers, SizeIs(0));
}

TEST_F(CurlHttpClientTest, JudgesANameAnewBehindARedirect) {
  std::deque<std::string> answers = {"127.0.0.1", "169.254.169.254"};
  options_.names = [&](absl::string_view) -> std::optional<std::string> {
    std::string answer = answers.front();
    answers.pop_front();
    return answer;
  };
  server_.On("/", [](LoopbackConnection& connection) {
    connection.Answer(302, "Connection: close\r\nLocation: /next\r\n", "");
  });
  const FetchResult result = Fetch(
      {absl::StrCat("http://changes.test:", server_.port(), "/"), "", ""});
  EXPECT_EQ(result.error, FetchError::kAddressRefused);
  EXPECT_EQ(result.detail, "169.254.169.254");
  EXPECT_THAT(server_.Paths(), ElementsAre("/"));
}

// server_ is the proxy.
class CurlHttpClientProxyTest : public CurlHttpClientTest {
 protected:
  CurlHttpClientProxyTest() {
    options_.proxy = absl::StrCat("http://127.0.0.1:", server_.port());
    options_.addresses = {AddressRanges(), true};  // the public ones
    options_.look_up =
        [this](
            const std::string& host) -> absl::StatusOr<std::vector<IpAddress>> {
      absl::MutexLock lock(&mutex_);
      looked_up_.push_back(host);
      if (answers_.empty()) return absl::NotFoundError("no such name");
      const std::vector<IpAddress> answer = answers_.front();
      answers_.pop_front();
      return answer;
    };
  }

  absl::Mutex mutex_;
  std::deque<std::vector<IpAddress>> answers_;
  std::vector<std::string> looked_up_;
};

TEST_F(CurlHttpClientProxyTest, HandsAUrlOverOnceItsAddressIsChecked) {
  answers_ = {{Ip("93.184.216.34")}};
  server_.On("http://a.example/x?y", [](LoopbackConnection& connection) {
    connection.Answer(200, kHtml, "a page");
  });
  const FetchResult result = Fetch({"http://a.example/x?y", "", ""});
  EXPECT_EQ(result.body, "a page") << result.detail;
  // The host's own, by which hosts take turns; not the proxy's.
  EXPECT_EQ(result.address, "93.184.216.34");
  EXPECT_THAT(looked_up_, ElementsAre("a.example"));
}

TEST_F(CurlHttpClientProxyTest, AsksTheProxyForNoNameWithAPrivateAddress) {
  answers_ = {{Ip("93.184.216.34"), Ip("10.0.0.1")}, {Ip("fd00::1")}};
  for (const char* url : {"http://a.example/", "https://b.example/"}) {
    EXPECT_EQ(Fetch({url, "", ""}).error, FetchError::kAddressRefused) << url;
  }
  EXPECT_EQ(Fetch({"http://127.0.0.1/", "", ""}).error,
            FetchError::kAddressRefused);
  EXPECT_EQ(Fetch({"http://[::ffff:10.0.0.1]/", "", ""}).error,
            FetchError::kAddressRefused);
  const FetchResult unknown = Fetch({"http://c.example/", "", ""});
  EXPECT_EQ(unknown.error, FetchError::kDns);
  EXPECT_EQ(unknown.detail, "no such name");
  EXPECT_THAT(server_.Paths(), SizeIs(0));
  EXPECT_THAT(looked_up_, ElementsAre("a.example", "b.example", "c.example"));
}

TEST_F(CurlHttpClientProxyTest, ChecksTheNamesThatRedirectsLeadTo) {
  answers_ = {{Ip("93.184.216.34")}, {Ip("192.168.0.1")}};
  server_.On("http://a.example/", [](LoopbackConnection& connection) {
    connection.Answer(302, "Location: http://inside.example/\r\n", "");
  });
  const FetchResult result = Fetch({"http://a.example/", "", ""});
  EXPECT_EQ(result.error, FetchError::kAddressRefused);
  EXPECT_EQ(result.detail, "192.168.0.1");
  EXPECT_THAT(server_.Paths(), ElementsAre("http://a.example/"));
}

TEST_F(CurlHttpClientProxyTest, TunnelsToTheAddressThatWasChecked) {
  // Were the name looked up once more, it would lead inside.
  answers_ = {{Ip("2606:2800::1"), Ip("93.184.216.34")}, {Ip("10.0.0.1")}};
  std::string request;
  server_.On("93.184.216.34:443", [&](LoopbackConnection& connection) {
    request = connection.request();
    connection.Answer(403, "", "no");
  });
  const FetchResult result = Fetch({"https://a.example/", "", ""});
  EXPECT_EQ(result.error, FetchError::kConnect) << result.detail;
  EXPECT_THAT(request, HasSubstr("CONNECT 93.184.216.34:443 HTTP/1.1\r\n"));
  EXPECT_THAT(request, Not(HasSubstr("a.example")));
  EXPECT_THAT(looked_up_, ElementsAre("a.example"));
}

TEST_F(CurlHttpClientProxyTest, SlowLookUpsHoldUpNobody) {
  absl::Notification other_ended;
  options_.look_up = [&](const std::string& host) {
    if (host == "slow.example") other_ended.WaitForNotification();
    return std::vector<IpAddress>{Ip("93.184.216.34")};
  };
  client_ = CurlHttpClient::Create(options_, &clock_).value();
  absl::Notification slow_ended;
  client_->Fetch({"http://slow.example/", "", ""},
                 [&](FetchResult) { slow_ended.Notify(); });
  EXPECT_EQ(Fetch({"http://a.example/", "", ""}).status, 404);
  EXPECT_FALSE(slow_ended.HasBeenNotified());
  other_ended.Notify();
  slow_ended.WaitForNotification();
}

TEST_F(CurlHttpClientProxyTest, StopsWhileNamesAreLookedUp) {
  absl::Notification looking;
  absl::Notification stopped;
  options_.look_up = [&](const std::string&) {
    looking.Notify();
    stopped.WaitForNotification();
    return std::vector<IpAddress>{Ip("93.184.216.34")};
  };
  client_ = CurlHttpClient::Create(options_, &clock_).value();
  FetchResult result;
  client_->Fetch({"http://a.example/", "", ""}, [&](FetchResult answer) {
    result = std::move(answer);
    stopped.Notify();
  });
  looking.WaitForNotification();
  client_->Stop();
  stopped.WaitForNotification();
  client_.reset();
  EXPECT_EQ(result.error, FetchError::kCancelled);
  EXPECT_THAT(server_.Paths(), SizeIs(0));
}

}  // namespace
}  // namespace dateline::fetcher
