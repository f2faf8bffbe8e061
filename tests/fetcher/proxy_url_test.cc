#include "fetcher/core/proxy_url.h"

#include "gtest/gtest.h"

namespace dateline::fetcher {
namespace {

TEST(ParseProxyUrlTest, TakesHttpProxies) {
  EXPECT_EQ(ParseProxyUrl("").value(), "");
  EXPECT_EQ(ParseProxyUrl("http://proxy.example:3128").value(),
            "http://proxy.example:3128");
  EXPECT_EQ(ParseProxyUrl("http://10.0.0.1").value(), "http://10.0.0.1:80");
  EXPECT_EQ(ParseProxyUrl("http://[fd00::1]:8080/").value(),
            "http://[fd00::1]:8080");
}

TEST(ParseProxyUrlTest, RefusesProxiesThatResolveNamesAndSecrets) {
  for (const char* text :
       {"socks5h://127.0.0.1:1080", "SOCKS5://127.0.0.1:1080",
        "https://proxy.example:3128", "proxy.example:3128", "http://",
        "http://user:secret@proxy.example:3128", "http://proxy.example/path"}) {
    EXPECT_EQ(ParseProxyUrl(text).status().code(),
              absl::StatusCode::kInvalidArgument)
        << text;
  }
  EXPECT_EQ(ParseProxyUrl("socks5h://a:1").status().message(),
            "\"socks5h://a:1\" is a SOCKS proxy; give http://HOST:PORT");
}

}  // namespace
}  // namespace dateline::fetcher
