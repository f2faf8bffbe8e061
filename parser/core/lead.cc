#include "parser/core/lead.h"

#include <algorithm>
#include <string>

#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "parser/core/furniture.h"

namespace dateline {
namespace {

constexpr int kFarthest = 60;
constexpr int kMostLines = 4;

class LeadFinder {
 public:
  LeadFinder(const PageModel& model, const BodyClues& clues,
             Selection* selection)
      : model_(model), clues_(clues), selection_(*selection) {}

  void Run() {
    const int first = FirstKept();
    if (first < 0) return;
    headline_ = FindHeadline(first);
    ReadKeptLines();
    int taken = 0;
    const int stop = std::max(headline_ + 1, std::max(first - kFarthest, 0));
    for (int i = stop; i < first && taken < kMostLines; ++i) {
      if (!IsLead(i)) continue;
      Verdict& verdict = selection_.verdicts[static_cast<size_t>(i)];
      verdict = {true, "lead", "It is the lead, set beside the title."};
      ++taken;
    }
  }

 private:
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }

  int FirstKept() const {
    for (size_t i = 0; i < selection_.verdicts.size(); ++i) {
      if (selection_.verdicts[i].kept) return static_cast<int>(i);
    }
    return -1;
  }

  // The main heading before `first`, or else the first line that is one of the
  // titles; -1 where neither is near.
  int FindHeadline(int first) const {
    absl::flat_hash_set<std::string> titles;
    for (const std::string& title : clues_.headlines) {
      titles.insert(NormalizedLine(title));
    }
    titles.erase("");
    int found = -1;
    for (int i = first - 1; i >= std::max(first - 2 * kFarthest, 0); --i) {
      const TextBlock& block = Block(i);
      if (block.heading_level == 1) return i;
      if (block.words <= 50 && titles.contains(block.Normalized())) {
        found = i;
      }
    }
    return found;
  }

  void ReadKeptLines() {
    int count = 0;
    for (size_t i = 0; i < selection_.verdicts.size() && count < 60; ++i) {
      if (!selection_.verdicts[i].kept) continue;
      kept_.insert(model_.blocks[i].Normalized());
      ++count;
    }
  }

  bool IsLead(int i) const {
    const Verdict& verdict = selection_.verdicts[static_cast<size_t>(i)];
    const TextBlock& block = Block(i);
    if (verdict.kept || !MayBeTakenBack(verdict.rule)) return false;
    if (block.chars < 20 || block.words > 160 || block.LinkDensity() > 0.4) {
      return false;
    }
    if (block.in_caption || block.in_table || block.heading_level == 1) {
      return false;
    }
    if (block.Kind() != LineKind::kText) return false;
    const std::string line = block.Normalized();
    if (kept_.contains(line)) return false;
    if (IsDescription(line) && block.words >= 5) return true;
    if (headline_ < 0) return false;
    switch (NameOf(i)) {
      case Name::kLead:
        return block.words >= 4;
      case Name::kOther:
        return false;
      case Name::kNone:
        return i - headline_ <= 4 && block.words >= 8 &&
               (block.ends_sentence || block.words >= 12) &&
               block.link_chars * 5 < block.chars;
    }
    return false;
  }

  static bool MayBeTakenBack(absl::string_view rule) {
    return rule == "outside" || rule == "header" || rule == "before_text" ||
           rule == "sidebar" || rule == "meta" || rule == "title";
  }

  bool IsDescription(absl::string_view line) const {
    for (const std::string& description : clues_.descriptions) {
      const std::string normalized = NormalizedLine(description);
      if (normalized.size() < 20) continue;
      if (normalized == line) return true;
      const size_t shared = std::min(normalized.size(), line.size());
      if (shared >= 60 && absl::string_view(normalized).substr(0, shared) ==
                              line.substr(0, shared)) {
        return true;
      }
    }
    return false;
  }

  enum class Name { kNone, kLead, kOther };

  // What the innermost named box around the line calls it, as far out as boxes
  // hold little else.
  Name NameOf(int i) const {
    constexpr Hints kOther = kHintCaption | kHintMeta | kHintMedia |
                             kHintShare | kHintRelated | kHintBio |
                             kHintNavigation | kHintHidden | kHintPromotion;
    if (Block(i).inline_hints & kHintDeck) return Name::kLead;
    if (Block(i).inline_hints & kOther) return Name::kOther;
    int b = Block(i).box;
    for (int steps = 0; b >= 0 && steps < 4; ++steps) {
      const Box& box = model_.boxes[static_cast<size_t>(b)];
      if (box.end_block - box.first_block > 5) break;
      if (box.hints & kHintDeck) return Name::kLead;
      if (box.hints & kOther) return Name::kOther;
      b = box.parent;
    }
    return Name::kNone;
  }

  const PageModel& model_;
  const BodyClues& clues_;
  Selection& selection_;
  int headline_ = -1;
  absl::flat_hash_set<std::string> kept_;
};

}  // namespace

void RescueLead(const PageModel& model, const BodyClues& clues,
                Selection* selection) {
  LeadFinder(model, clues, selection).Run();
}

}  // namespace dateline
