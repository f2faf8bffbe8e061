#include "parser/core/name_readings.h"

#include "parser/core/metadata_class_words.h"

namespace dateline {
namespace {

constexpr size_t kTypicalNames = 400;

// The class "hidden" alone; style sheets made of such words pair it with one
// that shows the element on wider screens ("hidden md:block").
bool IsHiddenClass(absl::string_view value) {
  const size_t at = value.find("hidden");
  if (at == absl::string_view::npos) return false;
  const bool begins = at == 0 || value[at - 1] == ' ';
  const bool ends = at + 6 == value.size() || value[at + 6] == ' ';
  return begins && ends && value.find(':') == absl::string_view::npos;
}

}  // namespace

NameReadings::NameReadings() {
  readings_.reserve(kTypicalNames);
  places_.reserve(kTypicalNames);
}

NameReading NameReadings::OfName(absl::string_view name) {
  return readings_[PlaceOf(name)];
}

size_t NameReadings::PlaceOf(absl::string_view name) {
  const auto [it, is_new] = places_.try_emplace(name, readings_.size());
  if (is_new) {
    readings_.push_back({.words = ClassWords(name),
                         .hints = HintsOfName(name),
                         .hides = IsHiddenClass(name)});
  }
  return it->second;
}

NameReading NameReadings::Of(Node* element) {
  // The place and one, so that a null pointer stands for none.
  if (element->user != nullptr) {
    return readings_[reinterpret_cast<uintptr_t>(element->user) - 1];
  }
  NameReading reading;
  const absl::string_view id = IdOf(element);
  if (!id.empty()) reading = OfName(id);
  const absl::string_view name = ClassOf(element);
  if (!name.empty()) {
    const NameReading of_class = OfName(name);
    reading.words |= of_class.words;
    reading.hints |= of_class.hints | (of_class.hides ? kHintHidden : Hints{0});
  }
  readings_.push_back(reading);
  element->user = reinterpret_cast<void*>(readings_.size());
  return reading;
}

}  // namespace dateline
