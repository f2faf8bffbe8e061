// Any bytes as a JSON Feed.
#include <cstddef>
#include <cstdint>

#include "fetcher/core/json_feed.h"
#include "tests/fuzz/feed_checks.h"

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dateline::fetcher;  // NOLINT
  const absl::string_view body = dateline::TextOf(data, size);
  constexpr absl::string_view kBase = "https://news.example/feed.json";
  CheckFeed(ParseJsonFeed(body, kBase), ParseJsonFeed(body, kBase));
  return 0;
}
