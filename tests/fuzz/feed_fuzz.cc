// Any bytes as an RSS or Atom feed, in what its declaration or the Content-Type
// says.
#include <cstddef>
#include <cstdint>

#include "fetcher/core/feed.h"
#include "tests/fuzz/feed_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dateline::fetcher;  // NOLINT
  const absl::string_view body = dateline::TextOf(data, size);
  constexpr absl::string_view kBase = "https://news.example/feeds/all.xml";
  for (const char* charset : {"", "windows-1252", "no-such-charset"}) {
    CheckFeed(ParseFeed(body, kBase, charset), ParseFeed(body, kBase, charset));
  }
  return 0;
}
