#include "parser/core/block_filter.h"

#include <algorithm>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "parser/core/cards.h"
#include "parser/core/closing_lines.h"
#include "parser/core/dates.h"
#include "parser/core/furniture.h"
#include "parser/core/split_body.h"
#include "parser/core/tables.h"
#include "parser/core/title_words.h"

namespace dateline {
namespace {

class Filter {
 public:
  Filter(const PageModel& model, const std::vector<double>& weights,
         const BodyClues& clues, Selection* selection)
      : model_(model),
        weights_(weights),
        clues_(clues),
        selection_(*selection),
        verdicts_(selection->verdicts) {}

  void Run() {
    DropOutside();
    FindMainFlow();
    DropCaptions();
    DropLinkLists();
    DropCards();
    DropKnownLines();
    DropTitles();
    DropBehindEndMarkers();
    DropClosingLines();
    DropLiveUpdates();
    TrimEnds();
    DropRepeats();
    DropLonelyHeadings();
  }

 private:
  int count() const { return static_cast<int>(model_.blocks.size()); }
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }
  const Box& BoxAt(int b) const { return model_.boxes[static_cast<size_t>(b)]; }
  double Weight(int i) const { return weights_[static_cast<size_t>(i)]; }
  bool Kept(int i) const { return verdicts_[static_cast<size_t>(i)].kept; }
  void Drop(int i, absl::string_view rule, absl::string_view reason) {
    if (Kept(i)) verdicts_[static_cast<size_t>(i)] = {false, rule, reason};
  }

  void DropOutside() {
    const std::vector<int> parts =
        PartsOfBody(model_, weights_, verdicts_, selection_.container);
    std::vector<bool> inside(model_.blocks.size(), false);
    for (const int part : parts) {
      for (int i = BoxAt(part).first_block; i < BoxAt(part).end_block; ++i) {
        inside[static_cast<size_t>(i)] = true;
      }
      selection_.container = std::min(selection_.container, part);
    }
    selection_.container = CommonBox(model_, parts);
    first_ = BoxAt(selection_.container).first_block;
    end_ = BoxAt(selection_.container).end_block;
    for (int i = 0; i < count(); ++i) {
      if (inside[static_cast<size_t>(i)]) continue;
      Drop(i, "outside", "It stands outside the container of the text.");
    }
  }

  // What the paragraphs' parents look like: tag and class, since many pages
  // put every paragraph into a box of its own.
  std::string FlowKey(int i) const {
    int b = Block(i).box;
    const bool wrapped = BoxAt(b).tag == LXB_TAG_P && BoxAt(b).parent >= 0;
    if (wrapped) b = BoxAt(b).parent;
    return absl::StrCat(wrapped ? "p " : "", BoxAt(b).tag, " ",
                        ClassOf(BoxAt(b).node));
  }

  // Numbers the flows in document order and finds the heaviest.
  void FindMainFlow() {
    absl::flat_hash_map<std::string, size_t> numbers;
    std::vector<double> weights;
    flows_.assign(static_cast<size_t>(end_ - first_), 0);
    for (int i = first_; i < end_; ++i) {
      const size_t flow =
          numbers.emplace(FlowKey(i), numbers.size()).first->second;
      flows_[static_cast<size_t>(i - first_)] = flow;
      weights.resize(numbers.size(), 0);
      if (!Kept(i)) continue;
      weights[flow] += Weight(i);
      total_ += Weight(i);
    }
    main_flow_ = static_cast<size_t>(
        std::max_element(weights.begin(), weights.end()) - weights.begin());
  }

  bool IsMainFlow(int i) const {
    return flows_[static_cast<size_t>(i - first_)] == main_flow_;
  }

  void DropCaptions() {
    const std::vector<bool> beside_media =
        LinesBesideMedia(model_, selection_.container);
    for (int i = first_; i < end_; ++i) {
      const TextBlock& block = Block(i);
      if (!Kept(i)) continue;
      const bool quoted = block.in_quote && !HasHintWithin(i, kHintCaption);
      if (block.words >= 40 && block.in_paragraph && IsMainFlow(i)) continue;
      if ((block.in_caption && !quoted) || HasHintWithin(i, kHintCaption)) {
        Drop(i, "caption", "It is a picture's caption or credit.");
      } else if (beside_media[static_cast<size_t>(i)] && !IsMainFlow(i) &&
                 !(block.in_paragraph && block.words >= 15 &&
                   !HasHintWithin(i, kHintMedia))) {
        Drop(i, "beside_media", "It stands in a box with a picture.");
      }
    }
  }

  // Whether a small box between the block and the container has a hint.
  bool HasHintWithin(int block, Hints hints) const {
    if (Block(block).inline_hints & hints) return true;
    for (int b = Block(block).box; b > selection_.container;
         b = BoxAt(b).parent) {
      if (BoxAt(b).end_block - BoxAt(b).first_block > 8) return false;
      if (BoxAt(b).hints & hints) return true;
    }
    return false;
  }

  void DropLinkLists() {
    const int end_box = BoxAt(selection_.container).end_box;
    for (int b = selection_.container + 1; b < end_box;) {
      const Box& box = BoxAt(b);
      if (!IsLinkList(box) || NamesLinked(box)) {
        ++b;
        continue;
      }
      for (int i = box.first_block; i < box.end_block; ++i) {
        Drop(i, "link_density", "It stands among links to other pages.");
      }
      b = box.end_box;
    }
    for (int i = first_; i < end_; ++i) {
      const TextBlock& block = Block(i);
      if (block.LinkDensity() > 0.85 && !block.in_table && block.words < 30) {
        Drop(i, "only_link", "It is a link and nothing else.");
      }
    }
  }

  // A paragraph among others that lists names, each a link: "Kent: Ash, Deal".
  bool NamesLinked(const Box& box) const {
    constexpr uint32_t kLongestName = 8;
    if (box.tag != LXB_TAG_P || box.end_block - box.first_block != 1) {
      return false;
    }
    const TextBlock& block = Block(box.first_block);
    if (!IsMainFlow(box.first_block) || block.LinkDensity() > 0.95 ||
        block.link_chars > kLongestName * block.links ||
        block.Kind() != LineKind::kText) {
      return false;
    }
    const int next = box.end_block;
    return next < end_ && IsMainFlow(next) && Kept(next) &&
           BoxAt(Block(next).box).parent == box.parent;
  }

  bool IsLinkList(const Box& box) const {
    uint32_t chars = 0;
    uint32_t link_chars = 0;
    uint32_t links = 0;
    uint32_t items = 0;
    for (int i = box.first_block; i < box.end_block; ++i) {
      if (!Kept(i)) continue;
      chars += Block(i).chars;
      link_chars += Block(i).link_chars;
      links += Block(i).links;
      ++items;
    }
    if (links < 2 || chars == 0) return false;
    const double density = static_cast<double>(link_chars) / chars;
    const bool is_list = box.tag == LXB_TAG_UL || box.tag == LXB_TAG_OL;
    if (is_list && density > 0.5 && chars < 60u * items) return true;
    return density > 0.6 && chars < 150u * items;
  }

  void DropCards() {
    for (const int b :
         CardsWithin(model_, weights_, verdicts_, selection_.container)) {
      for (int i = BoxAt(b).first_block; i < BoxAt(b).end_block; ++i) {
        Drop(i, "card", "It belongs to a box that announces another article.");
      }
    }
  }

  void DropKnownLines() {
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i)) continue;
      const TextBlock& block = Block(i);
      if (TakePublishedLine(i)) continue;
      const LineKind kind = block.Kind();
      if (kind == LineKind::kText || kind == LineKind::kEndMarker) continue;
      if (!IsFurniture(block, kind)) continue;
      Drop(i, RuleOf(kind), ReasonOf(kind));
    }
  }

  bool TakePublishedLine(int i) {
    if (Block(i).text.size() > 160 || Block(i).words < 4) return false;
    if (!ReadPublishedInLine(Block(i).text).has_value()) return false;
    selection_.published_line = i;
    Drop(i, "published_line", "It says where and when it was printed.");
    return true;
  }

  static bool IsFurniture(const TextBlock& block, LineKind kind) {
    switch (kind) {
      case LineKind::kReadAlso:
        return block.words <= 35 &&
               (block.words <= 6 || block.LinkDensity() > 0.3);
      case LineKind::kPromotion:
        return block.words <= 45;
      case LineKind::kCredit:
        return block.words <= 15 && block.heading_level == 0;
      case LineKind::kCopyright:
        return block.words <= 40;
      case LineKind::kDate:
        return block.heading_level == 0;
      case LineKind::kTool:
      case LineKind::kAdvert:
        return true;
      case LineKind::kText:
      case LineKind::kEndMarker:
        return false;
    }
    return false;
  }

  // The page's titles before the text, and its headline anywhere.
  void DropTitles() {
    absl::flat_hash_set<std::string> titles;
    const std::string headline =
        clues_.headlines.empty() ? "" : NormalizedLine(clues_.headlines[0]);
    const std::vector<std::string> words =
        clues_.headlines.empty() ? std::vector<std::string>()
                                 : TitleWords(clues_.headlines[0]);
    absl::flat_hash_set<absl::string_view> seen;
    for (const std::string& title : clues_.headlines) {
      // A second heading of other words is a part's.
      if (!seen.insert(title).second ||
          WordOverlap(TitleWords(title), words) < 0.2) {
        continue;
      }
      titles.insert(NormalizedLine(title));
    }
    titles.erase("");
    bool seen_text = false;
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i)) continue;
      const TextBlock& block = Block(i);
      if (block.heading_level == 1 && !seen_text) {
        Drop(i, "title", "It is the page's main heading.");
      } else if (block.words <= 50 &&
                 (seen_text ? block.Normalized() == headline
                            : titles.contains(block.Normalized()))) {
        Drop(i, "title", "It is the title once more.");
      }
      seen_text = seen_text || (Kept(i) && Weight(i) > 0);
    }
  }

  void DropBehindEndMarkers() {
    double before = 0;
    double flow_left = 0;
    for (int i = first_; i < end_; ++i) {
      if (Kept(i) && IsMainFlow(i)) flow_left += Weight(i);
    }
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i)) continue;
      before += Weight(i);
      if (IsMainFlow(i)) flow_left -= Weight(i);
      const TextBlock& block = Block(i);
      if (block.words > 10 || block.Kind() != LineKind::kEndMarker ||
          IsDataCell(i)) {
        continue;
      }
      const bool late = before > 0.5 * total_ && flow_left < 0.15 * total_;
      DropSection(i, late);
    }
  }

  // Whether it is a cell of a table of data, where "Source" heads a column.
  bool IsDataCell(int i) const {
    if (!Block(i).in_table) return false;
    for (int b = Block(i).box; b > selection_.container; b = BoxAt(b).parent) {
      if (BoxAt(b).tag == LXB_TAG_TABLE) return IsDataTable(model_, b);
    }
    return false;
  }

  // From an end marker on: all that is left, where the text is over; else the
  // smallest box around it, or the lines up to the next sentence.
  void DropSection(int marker, bool all) {
    constexpr absl::string_view kRule = "after_end_marker";
    constexpr absl::string_view kReason =
        "It follows a line that opens other articles, comments or tools.";
    if (all) {
      for (int j = marker; j < end_; ++j) Drop(j, kRule, kReason);
      return;
    }
    int section = -1;
    for (int b = Block(marker).box; b > selection_.container;
         b = BoxAt(b).parent) {
      if (HoldsMainFlow(BoxAt(b))) break;
      section = b;
    }
    Drop(marker, RuleOf(LineKind::kEndMarker), ReasonOf(LineKind::kEndMarker));
    if (section < 0) return;
    for (int j = marker; j < BoxAt(section).end_block; ++j) {
      Drop(j, kRule, kReason);
    }
  }

  bool HoldsMainFlow(const Box& box) const {
    for (int i = box.first_block; i < box.end_block; ++i) {
      if (Kept(i) && Weight(i) > 60 && IsMainFlow(i)) return true;
    }
    return false;
  }

  void DropClosingLines() {
    double before = 0;
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i)) continue;
      const bool is_late = before > 0.7 * total_;
      before += Weight(i);
      const Verdict verdict =
          JudgeClosingLine(Block(i), clues_.authors, is_late);
      if (!verdict.kept) Drop(i, verdict.rule, verdict.reason);
    }
  }

  void DropLiveUpdates() {
    const ShingleSet updates(clues_.live_updates);
    if (updates.empty()) return;
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i) || Block(i).words < 3) continue;
      if (updates.CoverageOfNormalized(Block(i).Normalized()) > 0.6) {
        Drop(i, "live_update", "It stands in an entry of the live blog.");
      }
    }
  }

  // Short lines before the first sentence and after the last are labels, but
  // for those that stand among the paragraphs.
  void TrimEnds() {
    DropOpeningBylines();
    int first = first_;
    while (first < end_ && !IsProse(first)) ++first;
    for (int i = first_; i < first && first < end_; ++i) {
      const TextBlock& block = Block(i);
      if (block.heading_level > 1 && i + 1 == first) continue;
      if (StandsInFlow(i) || IsOpeningPoint(i)) continue;
      Drop(i, "before_text", "It stands before the first sentence.");
    }
    int last = end_ - 1;
    while (last > first && !IsProse(last)) --last;
    for (int i = last + 1; i < end_; ++i) {
      if (StandsInFlow(i)) continue;
      if (Block(i).in_list_item && Block(i).words > 3) continue;
      if (Block(i).in_table || Block(i).words > 12) continue;
      Drop(i, "after_text", "It stands after the last sentence.");
    }
  }

  // One of the key points before the text: those behind a first full one may be
  // short.
  bool IsOpeningPoint(int i) const {
    if (!Block(i).in_list_item) return false;
    if (Block(i).words >= 5) return true;
    return i > first_ && Kept(i - 1) && Block(i - 1).in_list_item &&
           Block(i).words >= 2 && Block(i).LinkDensity() < 0.5;
  }

  void DropOpeningBylines() {
    constexpr int kLooked = 3;
    int looked = 0;
    for (int i = first_; i < end_ && looked < kLooked; ++i) {
      if (!Kept(i)) continue;
      ++looked;
      const Verdict verdict = JudgeOpeningLine(Block(i), clues_.authors);
      if (!verdict.kept) {
        Drop(i, verdict.rule, verdict.reason);
      } else if (IsProse(i)) {
        return;
      }
    }
  }

  bool StandsInFlow(int i) const {
    return (Block(i).in_paragraph || Block(i).box == selection_.container) &&
           Block(i).heading_level == 0 && Block(i).LinkDensity() < 0.5 &&
           IsMainFlow(i);
  }

  bool IsProse(int i) const {
    const TextBlock& block = Block(i);
    if (!Kept(i)) return false;
    if (block.heading_level > 0 && block.words < 15) return false;
    return (block.ends_sentence && block.words >= 4) || block.words >= 20;
  }

  // A line of some length that stood before, in another box: a pulled line, or
  // the same text for another width of screen.
  void DropRepeats() {
    absl::flat_hash_map<std::string, int> seen;
    for (int i = first_; i < end_; ++i) {
      if (Kept(i) && Block(i).words >= 8) {
        seen.emplace(Block(i).Normalized(), ParentOf(i));
      }
    }
    if (seen.size() < 6) return;
    seen.clear();
    for (int i = first_; i < end_; ++i) {
      if (!Kept(i) || Block(i).words < 8 || Block(i).in_table) continue;
      const auto [it, is_new] = seen.emplace(Block(i).Normalized(), i);
      if (is_new || ParentOf(it->second) == ParentOf(i)) continue;
      // Of two, the one among the paragraphs is the text.
      const bool first_is_pulled = IsMainFlow(i) && !IsMainFlow(it->second);
      Drop(first_is_pulled ? it->second : i, "repeated",
           "It stands in the text twice.");
      if (first_is_pulled) it->second = i;
    }
  }

  int ParentOf(int i) const {
    const int b = Block(i).box;
    return BoxAt(b).tag == LXB_TAG_P ? BoxAt(b).parent : b;
  }

  void DropLonelyHeadings() {
    bool text_follows = false;
    for (int i = end_ - 1; i >= first_; --i) {
      if (!Kept(i)) continue;
      if (Block(i).heading_level == 0) {
        text_follows = true;
      } else if (!text_follows) {
        Drop(i, "lonely_heading", "No text follows under it.");
      }
    }
  }

  const PageModel& model_;
  const std::vector<double>& weights_;
  const BodyClues& clues_;
  Selection& selection_;
  std::vector<Verdict>& verdicts_;
  int first_ = 0;
  int end_ = 0;
  double total_ = 0;
  std::vector<size_t> flows_;
  size_t main_flow_ = 0;
};

}  // namespace

void FilterBlocks(const PageModel& model, const std::vector<double>& weights,
                  const BodyClues& clues, Selection* selection) {
  if (selection->container < 0) {
    for (Verdict& verdict : selection->verdicts) {
      if (verdict.kept) {
        verdict = {false, "no_text", "The page has no running text."};
      }
    }
    return;
  }
  Filter(model, weights, clues, selection).Run();
}

}  // namespace dateline
