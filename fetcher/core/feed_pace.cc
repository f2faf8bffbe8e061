#include "fetcher/core/feed_pace.h"

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/numbers.h"
#include "absl/strings/string_view.h"
#include "fetcher/core/xml_tree.h"

namespace dateline::fetcher {
namespace {

constexpr size_t kLongestText = 64;
constexpr absl::Duration kDay = absl::Hours(24);
constexpr absl::string_view kSyndication =
    "http://purl.org/rss/1.0/modules/syndication/";
constexpr absl::string_view kDays[] = {"sunday",    "monday",   "tuesday",
                                       "wednesday", "thursday", "friday",
                                       "saturday"};

std::string WordOf(const xmlNode* node) {
  std::string text = TextOf(node, kLongestText);
  absl::StripAsciiWhitespace(&text);
  return text;
}

constexpr std::pair<absl::string_view, absl::Duration> kPeriods[] = {
    {"hourly", absl::Hours(1)},
    {"daily", kDay},
    {"weekly", absl::Hours(7 * 24)},
    {"monthly", absl::Hours(30 * 24)},
    {"yearly", absl::Hours(365 * 24)}};

// Zero where it is none of the module's words.
absl::Duration PeriodOf(absl::string_view word) {
  for (const auto& [name, period] : kPeriods) {
    if (absl::EqualsIgnoreCase(word, name)) return period;
  }
  return absl::ZeroDuration();
}

uint32_t HoursOf(const xmlNode* skip_hours) {
  uint32_t hours = 0;
  for (const xmlNode* node = skip_hours->children; node != nullptr;
       node = node->next) {
    uint32_t hour = 0;
    // 24 is what RSS 0.91 wrote for midnight.
    if (LocalName(node) == "hour" && absl::SimpleAtoi(WordOf(node), &hour) &&
        hour <= 24) {
      hours |= 1U << (hour % 24);
    }
  }
  return hours;
}

uint32_t DaysOf(const xmlNode* skip_days) {
  uint32_t days = 0;
  for (const xmlNode* node = skip_days->children; node != nullptr;
       node = node->next) {
    if (LocalName(node) != "day") continue;
    const std::string name = absl::AsciiStrToLower(WordOf(node));
    const auto day = std::find(std::begin(kDays), std::end(kDays), name);
    if (day != std::end(kDays)) days |= 1U << (day - std::begin(kDays));
  }
  return days;
}

}  // namespace

FeedPace ReadFeedPace(const xmlNode* channel) {
  FeedPace pace;
  absl::Duration ttl;
  absl::Duration period;
  uint32_t frequency = 0;
  for (const xmlNode* node = channel->children; node != nullptr;
       node = node->next) {
    if (node->type != XML_ELEMENT_NODE) continue;
    const absl::string_view name = LocalName(node);
    uint32_t number = 0;
    if (NamespaceOf(node) == kSyndication) {
      if (name == "updatePeriod") period = PeriodOf(WordOf(node));
      if (name == "updateFrequency" &&
          absl::SimpleAtoi(WordOf(node), &number)) {
        frequency = number;
      }
    } else if (name == "ttl" && absl::SimpleAtoi(WordOf(node), &number)) {
      ttl = absl::Minutes(number);
    } else if (name == "skipHours") {
      pace.skip_hours = HoursOf(node);
    } else if (name == "skipDays") {
      pace.skip_days = DaysOf(node);
    }
  }
  // The module's own defaults: daily, once.
  if (frequency > 0 && period == absl::ZeroDuration()) period = kDay;
  if (frequency > 1) period /= frequency;
  pace.interval = std::min(std::max(ttl, period), kDay);
  return pace;
}

}  // namespace dateline::fetcher
