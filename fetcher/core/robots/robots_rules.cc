#include "fetcher/core/robots/robots_rules.h"

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kMostSitemaps = 1'000;
constexpr size_t kLongestSitemap = 8'192;
constexpr absl::Duration kLongestDelay = absl::Hours(24);

absl::string_view ProductToken(absl::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) {
    return !absl::ascii_isalpha(static_cast<unsigned char>(c)) && c != '_' &&
           c != '-';
  });
  return text.substr(0, static_cast<size_t>(end - text.begin()));
}

bool IsEveryone(absl::string_view agent) {
  return absl::ConsumePrefix(&agent, "*") &&
         (agent.empty() ||
          absl::ascii_isspace(static_cast<unsigned char>(agent.front())));
}

struct Line {
  absl::string_view key;
  absl::string_view value;
};

// Both empty where there is no such line.
Line SplitLine(absl::string_view line) {
  line = absl::StripAsciiWhitespace(line.substr(0, line.find('#')));
  size_t separator = line.find(':');
  if (separator == absl::string_view::npos) {
    separator = line.find_first_of(" \t");
    if (separator == absl::string_view::npos) return {};
    const absl::string_view value =
        absl::StripAsciiWhitespace(line.substr(separator));
    if (value.find_first_of(" \t") != absl::string_view::npos) return {};
  }
  return {absl::StripAsciiWhitespace(line.substr(0, separator)),
          absl::StripAsciiWhitespace(line.substr(separator + 1))};
}

// Of what some write as "10 seconds" the number is read.
std::optional<absl::Duration> ReadDelay(absl::string_view value) {
  double seconds = 0;
  const size_t end = value.find_first_not_of("0123456789.");
  if (!absl::SimpleAtod(value.substr(0, end), &seconds)) return std::nullopt;
  if (!std::isfinite(seconds)) return std::nullopt;
  return std::min(absl::Seconds(seconds), kLongestDelay);
}

// What was read for one audience: us by name, or everyone.
struct Group {
  std::vector<RobotsRule> rules;
  std::optional<absl::Duration> delay;
  bool present = false;
};

// Whom the User-agent lines just above speak to.
struct Audience {
  bool us = false;
  bool everyone = false;
  bool closed = true;  // the next User-agent line begins a new one

  void Add(bool is_us, bool is_everyone) {
    if (closed) *this = {false, false, false};
    us |= is_us;
    everyone |= is_everyone;
  }
};

class Reader {
 public:
  explicit Reader(absl::string_view token) : token_(ProductToken(token)) {}

  void Read(const Line& line) {
    if (absl::EqualsIgnoreCase(line.key, "user-agent")) {
      ReadAgent(line.value);
    } else if (absl::EqualsIgnoreCase(line.key, "disallow")) {
      ReadRule(line.value, false);
    } else if (absl::EqualsIgnoreCase(line.key, "allow")) {
      ReadRule(line.value, true);
    } else if (absl::EqualsIgnoreCase(line.key, "crawl-delay")) {
      ReadCrawlDelay(line.value);
    } else if (absl::EqualsIgnoreCase(line.key, "sitemap")) {
      ReadSitemap(line.value);
    }
  }

  RobotsRules Finish() &&;

 private:
  void ReadAgent(absl::string_view value) {
    const bool is_us =
        !token_.empty() && absl::EqualsIgnoreCase(ProductToken(value), token_);
    const bool is_everyone = IsEveryone(value);
    of_rules_.Add(is_us, is_everyone);
    of_delay_.Add(is_us, is_everyone);
    us_.present |= is_us;
  }

  // An empty pattern matches nothing, and still ends the User-agent lines.
  void ReadRule(absl::string_view value, bool allow) {
    of_rules_.closed = true;
    of_delay_.closed = true;
    if (value.empty()) return;
    if (of_rules_.us) us_.rules.push_back({PathPattern(value), allow});
    if (of_rules_.everyone) {
      everyone_.rules.push_back({PathPattern(value), allow});
    }
  }

  // Must not interfere with the RFC's own lines (§2.2.4), so that User-agent
  // lines go on behind it as far as rules are concerned.
  void ReadCrawlDelay(absl::string_view value) {
    of_delay_.closed = true;
    const std::optional<absl::Duration> delay = ReadDelay(value);
    if (!delay.has_value()) return;
    if (of_delay_.us) us_.delay = std::max(us_.delay, delay);
    if (of_delay_.everyone) everyone_.delay = std::max(everyone_.delay, delay);
  }

  void ReadSitemap(absl::string_view value) {
    if (value.empty() || value.size() > kLongestSitemap ||
        sitemaps_.size() >= kMostSitemaps) {
      return;
    }
    sitemaps_.emplace_back(value);
  }

  absl::string_view token_;
  Audience of_rules_;
  Audience of_delay_;
  Group us_;
  Group everyone_;
  std::vector<std::string> sitemaps_;
};

RobotsRules Reader::Finish() && {
  Group& group = us_.present ? us_ : everyone_;
  const auto key = [](const RobotsRule& rule) {
    return std::make_tuple(rule.pattern.size(), rule.allow);
  };
  std::sort(group.rules.begin(), group.rules.end(),
            [&](const RobotsRule& a, const RobotsRule& b) {
              if (key(a) != key(b)) return key(a) > key(b);
              return a.pattern.text() < b.pattern.text();
            });
  group.rules.erase(std::unique(group.rules.begin(), group.rules.end(),
                                [](const RobotsRule& a, const RobotsRule& b) {
                                  return a.allow == b.allow &&
                                         a.pattern.text() == b.pattern.text();
                                }),
                    group.rules.end());
  return {std::move(group.rules), group.delay, std::move(sitemaps_)};
}

// The first kMaxRobotsBytes, without mark of byte order, in whole lines.
absl::string_view Readable(absl::string_view text) {
  const bool is_cut = text.size() > kMaxRobotsBytes;
  text = text.substr(0, kMaxRobotsBytes);
  if (is_cut) text = text.substr(0, text.find_last_of("\r\n") + 1);
  absl::ConsumePrefix(&text, "\xEF\xBB\xBF");
  return text;
}

}  // namespace

RobotsRules ParseRobots(absl::string_view text,
                        absl::string_view product_token) {
  Reader reader(product_token);
  for (const absl::string_view line :
       absl::StrSplit(Readable(text), absl::ByAnyChar("\r\n"))) {
    reader.Read(SplitLine(line));
  }
  return std::move(reader).Finish();
}

bool Allows(const RobotsRules& rules, absl::string_view path_and_query) {
  if (path_and_query.substr(0, path_and_query.find('?')) == "/robots.txt") {
    return true;
  }
  const RobotsPath path(path_and_query);
  const auto rule = std::find_if(
      rules.rules.begin(), rules.rules.end(),
      [&](const RobotsRule& each) { return each.pattern.Matches(path); });
  return rule == rules.rules.end() || rule->allow;
}

}  // namespace dateline::fetcher
