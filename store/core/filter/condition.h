#ifndef DATELINE_STORE_CORE_FILTER_CONDITION_H_
#define DATELINE_STORE_CORE_FILTER_CONDITION_H_

#include <cstdint>
#include <optional>
#include <string>
#include <variant>

#include "store/core/filter/fields.h"
#include "store/core/filter/tree.h"

namespace dateline::store::filter {

// The field has a value: text that isn't empty (a list: any such text), an
// enum's value other than 0, a time that is set.
struct Present {
  bool operator==(const Present&) const = default;
};

// The text, or any of the list's, compares to `text`, which isn't empty and has
// no control characters. Byte by byte; where `ignore_case`, letters A to Z
// equal a to z and no others.
struct TextMatch {
  enum class Kind { kEquals, kBegins, kEnds, kContains };

  Kind kind = Kind::kEquals;
  std::string text = {};
  bool ignore_case = false;

  bool operator==(const TextMatch&) const = default;
};

// The enum has this value, which isn't 0.
struct EnumMatch {
  int number = 0;

  bool operator==(const EnumMatch&) const = default;
};

// The time is set, and `begin_us <= time < end_us` as far as they are. In
// microseconds since the Unix epoch, rounded down; at least one is set.
struct TimeRange {
  std::optional<int64_t> begin_us = {};
  std::optional<int64_t> end_us = {};

  bool operator==(const TimeRange&) const = default;
};

// What an article has to be, or, where `negated`, must not be. Either holds:
// there is no third outcome for a field without value.
struct Predicate {
  Field field = Field::kPublisher;
  std::variant<Present, TextMatch, EnumMatch, TimeRange> test = {};
  bool negated = false;

  bool operator==(const Predicate&) const = default;
};

// A filter that was checked, as evaluators and translators take it: without
// kNot, and no kAll directly within kAll nor kAny within kAny. Articles of
// which it is true are under the filter.
using Condition = Tree<Predicate>;

}  // namespace dateline::store::filter

#endif  // DATELINE_STORE_CORE_FILTER_CONDITION_H_
