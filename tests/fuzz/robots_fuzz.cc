// The first line is a URL's path, the rest a robots.txt.
#include <cstddef>
#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/time/time.h"
#include "fetcher/core/robots/robots_rules.h"
#include "tests/fuzz/properties.h"

namespace {

using dateline::Require;

bool Same(const dateline::fetcher::RobotsRules& a,
          const dateline::fetcher::RobotsRules& b) {
  if (a.rules.size() != b.rules.size()) return false;
  for (size_t i = 0; i < a.rules.size(); ++i) {
    if (a.rules[i].allow != b.rules[i].allow ||
        a.rules[i].pattern.text() != b.rules[i].pattern.text()) {
      return false;
    }
  }
  return a.crawl_delay == b.crawl_delay && a.sitemaps == b.sitemaps;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace dateline::fetcher;  // NOLINT
  absl::string_view text = dateline::TextOf(data, size);
  const absl::string_view path = dateline::TakeLine(text);

  const RobotsRules rules = ParseRobots(text, "ExampleBot/1.0");
  Require(Same(rules, ParseRobots(text, "examplebot")));
  // The shortest rule line is "allow:" with a character, and its end.
  Require(rules.rules.size() <= text.size() / 7 + 1);
  Require(rules.sitemaps.size() <= 1'000);
  for (size_t i = 1; i < rules.rules.size(); ++i) {
    Require(rules.rules[i - 1].pattern.size() >= rules.rules[i].pattern.size());
  }
  if (rules.crawl_delay.has_value()) {
    Require(*rules.crawl_delay >= absl::ZeroDuration());
    Require(*rules.crawl_delay <= absl::Hours(24));
  }
  const bool allowed = Allows(rules, path);
  Require(allowed == Allows(rules, path));
  Require(allowed || !rules.rules.empty());
  Require(Allows(rules, "/robots.txt"));
  return 0;
}
