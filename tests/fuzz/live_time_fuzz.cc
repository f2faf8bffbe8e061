// Any text as a clock's time, and any markup as a live blog's entry. The first
// two lines are when the article was published and modified.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "parser/core/dates.h"
#include "parser/core/document.h"
#include "parser/core/live_time.h"
#include "parser/core/page_model.h"
#include "tests/fuzz/properties.h"

namespace dateline {
namespace {

constexpr size_t kMostBoxes = 30;

void CheckClock(const absl::optional<ClockTime>& clock) {
  if (!clock.has_value()) return;
  Require(clock->hour >= 0 && clock->hour <= 24);
  Require(clock->minute >= 0 && clock->minute < 60);
  Require(clock->second >= 0 && clock->second <= 60);
  Require(std::abs(clock->offset_minutes) <= 24 * 60);
}

bool Same(const EntryTime& a, const EntryTime& b) {
  const auto text = [](const EntryTime& entry) {
    return entry.time.has_value() ? entry.time->SerializeAsString() : "";
  };
  return text(a) == text(b) && a.raw == b.raw && a.block == b.block &&
         a.clock.has_value() == b.clock.has_value();
}

void CheckEntry(const EntryTime& entry, const Box& box) {
  Require(entry.time.has_value() || entry.clock.has_value());
  RequireUtf8(entry.raw);
  Require(entry.raw.size() <= 1000);
  CheckClock(entry.clock);
  if (entry.time.has_value()) RequireReadable(*entry.time);
  Require(entry.block == -1 ||
          (entry.block >= box.first_block && entry.block < box.end_block));
}

void CheckDated(const v1::Article& article, std::vector<EntryTime> times) {
  std::vector<EntryTime> again = times;
  DateEntries(article, &times);
  DateEntries(article, &again);
  const bool has_day =
      article.has_publish_time() || article.has_modified_time();
  for (size_t i = 0; i < times.size(); ++i) {
    Require(Same(times[i], again[i]));
    Require(times[i].time.has_value() || !has_day);
    if (times[i].time.has_value()) RequireReadable(*times[i].time);
  }
}

void CheckEntries(const v1::Article& article, absl::string_view markup) {
  const std::string html = absl::StrCat("<body>", markup);
  const absl::StatusOr<Document> document =
      Document::Parse(html, "utf-8", "https://news.example/live");
  if (!document.ok()) return;
  const PageModel model = BuildPageModel(*document, {});
  std::vector<EntryTime> times;
  for (size_t b = 0; b < std::min(model.boxes.size(), kMostBoxes); ++b) {
    const int box = static_cast<int>(b);
    const absl::optional<EntryTime> time = TimeOfEntry(model, box, "en");
    const absl::optional<EntryTime> again = TimeOfEntry(model, box, "en");
    Require(time.has_value() == again.has_value());
    if (!time.has_value()) continue;
    Require(Same(*time, *again));
    CheckEntry(*time, model.boxes[b]);
    times.push_back(*time);
  }
  CheckDated(article, std::move(times));
}

void Check(absl::string_view text) {
  CheckClock(ClockAtStart(text));
  v1::Article article;
  if (const auto time = ReadMachineTime(TakeLine(text))) {
    *article.mutable_publish_time() = *time;
  }
  if (const auto time = ReadMachineTime(TakeLine(text))) {
    *article.mutable_modified_time() = *time;
  }
  CheckClock(ClockAtStart(text));
  CheckEntries(article, text);
}

}  // namespace
}  // namespace dateline

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  dateline::Check(dateline::ValidUtf8(dateline::TextOf(data, size)));
  return 0;
}
