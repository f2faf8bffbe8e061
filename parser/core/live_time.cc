#include "parser/core/live_time.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "parser/core/dates.h"
#include "parser/core/dates_tokens.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kMostNodes = 300;
// Texts of <time> that are read in one entry.
constexpr int kMostTexts = 4;
constexpr uint32_t kShortLine = 8;
constexpr int64_t kDaySeconds = 86400;

absl::string_view NameOf(const lxb_dom_attr_t* attribute) {
  size_t size = 0;
  const lxb_char_t* name =
      lxb_dom_attr_local_name(const_cast<lxb_dom_attr_t*>(attribute), &size);
  return {reinterpret_cast<const char*>(name), size};
}

bool IsTimeAttribute(absl::string_view name) {
  if (name == "datetime") return true;
  if (!absl::StartsWith(name, "data-")) return false;
  for (const char* word :
       {"time", "date", "publish", "created", "posted", "utime"}) {
    if (absl::StrContains(name, word)) return true;
  }
  return false;
}

bool IsExact(const v1::ArticleTime& time) {
  return time.precision() >= v1::TIME_PRECISION_MINUTE;
}

// The time that an element's attributes give.
absl::optional<v1::ArticleTime> TimeInAttributes(const Node* node) {
  const auto* element = lxb_dom_interface_element(node);
  absl::string_view property, content;
  absl::optional<v1::ArticleTime> found;
  for (const lxb_dom_attr_t* a = element->first_attr; a != nullptr;
       a = a->next) {
    if (a->value == nullptr) continue;
    const absl::string_view value(reinterpret_cast<const char*>(a->value->data),
                                  a->value->length);
    const absl::string_view name = NameOf(a);
    if (name == "itemprop") property = value;
    if (name == "content") content = value;
    if (!IsTimeAttribute(name) || value.size() < 8) continue;
    absl::optional<v1::ArticleTime> time =
        ReadMachineTime(absl::StripAsciiWhitespace(value));
    if (time.has_value() && (!found.has_value() || IsExact(*time))) {
      found = std::move(time);
    }
  }
  if (!found.has_value() && absl::StartsWith(property, "date")) {
    found = ReadMachineTime(content);
  }
  return found;
}

EntryTime Full(v1::ArticleTime time) {
  EntryTime found;
  found.raw = time.raw();
  found.time = std::move(time);
  return found;
}

// A text for people: a date with its clock, or a clock alone at its start.
absl::optional<EntryTime> TimeInText(absl::string_view text,
                                     absl::string_view language) {
  absl::optional<v1::ArticleTime> time = ReadDate(text, {language});
  if (time.has_value() && IsExact(*time)) return Full(*std::move(time));
  EntryTime found;
  found.clock = ClockAtStart(text);
  if (!found.clock.has_value()) return absl::nullopt;
  found.raw = std::string(TruncateUtf8(text, 200));
  return found;
}

absl::optional<EntryTime> TimeInNodes(Node* root, absl::string_view language) {
  absl::optional<EntryTime> rough;
  int nodes = 0;
  int texts = 0;
  for (Node* node = root; node != nullptr && nodes < kMostNodes;
       node = NextNode(node, root), ++nodes) {
    if (!IsElement(node)) continue;
    absl::optional<v1::ArticleTime> time = TimeInAttributes(node);
    if (time.has_value() && IsExact(*time)) return Full(*std::move(time));
    absl::optional<EntryTime> found;
    if (TagOf(node) == LXB_TAG_TIME && ++texts <= kMostTexts) {
      found = TimeInText(TextOf(node, 200), language);
      if (found.has_value() && found->time.has_value()) return found;
    }
    if (!found.has_value() && time.has_value()) found = Full(*std::move(time));
    if (found.has_value() && (!rough.has_value() || found->clock.has_value())) {
      rough = std::move(found);
    }
  }
  return rough;
}

}  // namespace

absl::optional<ClockTime> ClockAtStart(absl::string_view text) {
  const DateTokens tokens(text.substr(0, 40));
  const absl::optional<ClockTime> clock = ReadClockAt(tokens, 0);
  if (clock.has_value()) return clock;
  // "um 10.32 Uhr", "Update 10:32"; "10.32" alone.
  if (tokens[0].kind == DateToken::kWord && tokens[0].text.size() <= 8) {
    return ReadClockAt(tokens, 1);
  }
  const bool is_dotted = tokens[0].text.size() == 2 && tokens[1].Is(".") &&
                         tokens[2].text.size() == 2 && tokens.size() == 3;
  if (is_dotted && tokens[0].kind == DateToken::kNumber &&
      tokens[2].kind == DateToken::kNumber && tokens[0].value < 24 &&
      tokens[2].value < 60) {
    ClockTime dotted;
    dotted.hour = tokens[0].value;
    dotted.minute = tokens[2].value;
    return dotted;
  }
  return absl::nullopt;
}

bool IsClockLine(const TextBlock& block) {
  return block.chars <= 14 && ClockAtStart(block.text).has_value();
}

absl::optional<EntryTime> TimeOfEntry(const PageModel& model, int box,
                                      absl::string_view language) {
  const Box& entry = model.boxes[static_cast<size_t>(box)];
  absl::optional<EntryTime> found = TimeInNodes(entry.node, language);
  for (int i = entry.first_block;
       i < std::min(entry.first_block + 4, entry.end_block); ++i) {
    const TextBlock& block = model.blocks[static_cast<size_t>(i)];
    const bool is_short = block.words <= kShortLine;
    if (!is_short && block.heading_level == 0) continue;
    if (found.has_value() && !is_short) continue;
    const absl::optional<EntryTime> stated = TimeInText(block.text, language);
    if (!stated.has_value()) continue;
    if (!found.has_value()) found = stated;
    if (is_short && (block.Kind() == LineKind::kDate || IsClockLine(block))) {
      found->block = i;
      break;
    }
  }
  return found;
}

void DateEntries(const v1::Article& article, std::vector<EntryTime>* times) {
  if (!article.has_publish_time() && !article.has_modified_time()) return;
  const v1::ArticleTime& first = article.has_publish_time()
                                     ? article.publish_time()
                                     : article.modified_time();
  const v1::ArticleTime& last =
      article.has_modified_time() ? article.modified_time() : first;
  std::vector<int> clocks;
  for (const EntryTime& time : *times) {
    if (!time.clock.has_value()) continue;
    clocks.push_back(time.clock->hour * 60 + time.clock->minute);
  }
  int rises = 0;
  for (size_t i = 1; i < clocks.size(); ++i) {
    rises += clocks[i] > clocks[i - 1] ? 1 : clocks[i] < clocks[i - 1] ? -1 : 0;
  }
  const bool newest_first = rises <= 0;
  const v1::ArticleTime& start = newest_first ? last : first;
  // Many sites write every time in UTC, whatever their clocks show.
  const bool has_offset = start.offset_known() && start.offset_minutes() != 0;
  const int64_t offset = has_offset ? start.offset_minutes() * int64_t{60} : 0;
  const int64_t local = start.time().seconds() + offset;
  const int64_t start_clock =
      ((local % kDaySeconds) + kDaySeconds) % kDaySeconds;
  int64_t day = local - start_clock;
  // Entries go back from the last change, and on from the publication.
  const bool is_bound =
      IsExact(start) &&
      (newest_first ? article.has_modified_time() : article.has_publish_time());
  int64_t before = is_bound ? start_clock : -1;
  for (EntryTime& time : *times) {
    if (!time.clock.has_value() || time.time.has_value()) continue;
    const int64_t clock =
        time.clock->hour * 3600 + time.clock->minute * 60 + time.clock->second;
    // A jump of some hours against the order is midnight.
    constexpr int64_t kJump = 6 * 3600;
    if (before >= 0 && newest_first && clock > before + kJump) {
      day -= kDaySeconds;
    }
    if (before >= 0 && !newest_first && clock < before - kJump) {
      day += kDaySeconds;
    }
    before = clock;
    v1::ArticleTime& out = time.time.emplace();
    const bool own = time.clock->offset_known;
    const bool known = own || has_offset;
    const int64_t minutes =
        own ? time.clock->offset_minutes : start.offset_minutes();
    out.mutable_time()->set_seconds(day + clock - (known ? minutes * 60 : 0));
    out.set_offset_known(known);
    if (known) out.set_offset_minutes(static_cast<int32_t>(minutes));
    out.set_precision(time.clock->has_second ? v1::TIME_PRECISION_SECOND
                                             : v1::TIME_PRECISION_MINUTE);
    out.set_raw(time.raw);
  }
}

}  // namespace dateline
