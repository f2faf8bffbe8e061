#include "parser/core/live_entries.h"

#include <algorithm>
#include <string>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_replace.h"
#include "parser/core/body.h"
#include "parser/core/byline.h"
#include "parser/core/live_time.h"
#include "parser/core/live_updates.h"
#include "parser/core/live_words.h"
#include "parser/core/selection.h"
#include "parser/core/text.h"

namespace dateline {
namespace {

constexpr int kMostImages = 200;
constexpr int kMostAuthors = 10;

// A heading without the clock's time in front of it: "10.32 Uhr: The gate".
std::string WithoutClock(absl::string_view title) {
  const std::string whole(title);
  if (!ClockAtStart(title).has_value() ||
      !absl::ascii_isdigit(static_cast<unsigned char>(title[0]))) {
    return whole;
  }
  const size_t end = title.find_first_not_of("0123456789:.h ");
  if (end == absl::string_view::npos) return whole;
  title.remove_prefix(end);
  for (const char* word : {"Uhr", "PM", "AM", "pm", "am", "p.m.", "a.m."}) {
    if (absl::StartsWith(title, word)) {
      title.remove_prefix(absl::string_view(word).size());
      break;
    }
  }
  for (bool is_mark = true; is_mark && !title.empty();) {
    is_mark = false;
    for (const char* mark : {" ", ":", "-", "–", "—", "|", "•", "·"}) {
      if (!absl::StartsWith(title, mark)) continue;
      title.remove_prefix(absl::string_view(mark).size());
      is_mark = true;
    }
  }
  return title.empty() ? whole : std::string(title);
}

class Reader {
 public:
  Reader(const Document& document, const PageModel& model, v1::Article* article)
      : document_(document), model_(model), article_(*article) {
    selection_.verdicts.resize(model.blocks.size(), {false, "", ""});
  }

  v1::LiveUpdate Read(int box, const EntryTime& time) {
    const Box& entry = model_.boxes[static_cast<size_t>(box)];
    v1::LiveUpdate update;
    std::vector<int> lines;
    for (int i = entry.first_block; i < entry.end_block; ++i) {
      if (i == time.block || IsClockLine(Block(i))) continue;
      if (TakeByline(i, box, &update) || IsFurniture(i, box)) continue;
      lines.push_back(i);
    }
    if (!lines.empty() && IsTitle(lines.front(), box, lines.size() > 1)) {
      update.set_headline(WithoutClock(
          absl::StrReplaceAll(Block(lines.front()).text, {{"\n", " "}})));
      lines.erase(lines.begin());
    }
    for (const int i : lines) {
      if (!IsLinkLine(i))
        selection_.verdicts[static_cast<size_t>(i)].kept = true;
    }
    selection_.container = box;
    v1::Article written;
    WriteBlocksWithin(document_, model_, selection_, &written);
    *update.mutable_body() = std::move(*written.mutable_body());
    for (v1::Image& image : *written.mutable_images()) {
      if (article_.images_size() >= kMostImages) break;
      *article_.add_images() = std::move(image);
    }
    update.set_url(AddressOf(entry.node));
    return update;
  }

 private:
  const TextBlock& Block(int i) const {
    return model_.blocks[static_cast<size_t>(i)];
  }

  // What the boxes around a block say, up to the entry.
  Hints HintsWithin(int block, int entry) const {
    Hints hints = Block(block).inline_hints;
    for (int b = Block(block).box; b > entry;
         b = model_.boxes[static_cast<size_t>(b)].parent) {
      hints |= model_.boxes[static_cast<size_t>(b)].hints;
    }
    return hints;
  }

  bool TakeByline(int i, int entry, v1::LiveUpdate* update) const {
    const TextBlock& block = Block(i);
    if (block.words > 12 || block.heading_level > 0) return false;
    const bool is_meta = (HintsWithin(i, entry) & kHintMeta) != 0;
    if (!is_meta && !OpensByline(block.text)) return false;
    bool found = false;
    for (const std::string& name : NamesInByline(block.text)) {
      if (!IsPlausibleName(name) || update->authors_size() >= kMostAuthors) {
        continue;
      }
      v1::Author* author = update->add_authors();
      author->set_name(name);
      author->set_kind(KindOfName(name, article_.publisher().name()));
      found = true;
    }
    return found || is_meta;
  }

  bool IsFurniture(int i, int entry) const {
    constexpr Hints kDropping = kHintComments | kHintRelated | kHintNavigation |
                                kHintShare | kHintPromotion | kHintAdvert |
                                kHintNotice | kHintHidden | kHintBio |
                                kHintCaption;
    const TextBlock& block = Block(i);
    if (block.in_caption || (HintsWithin(i, entry) & kDropping) != 0) {
      return true;
    }
    if (block.words <= 4 && IsReplyTool(block.Normalized())) return true;
    switch (block.Kind()) {
      case LineKind::kTool:
      case LineKind::kAdvert:
      case LineKind::kDate:
        return true;
      case LineKind::kPromotion:
      case LineKind::kReadAlso:
        return block.words <= 35;
      default:
        return false;
    }
  }

  bool IsLinkLine(int i) const {
    return Block(i).LinkDensity() > 0.85 && Block(i).words < 12;
  }

  bool IsTitle(int i, int entry, bool text_follows) const {
    const TextBlock& block = Block(i);
    if (block.heading_level > 0) return true;
    if (!text_follows || block.words > 25) return false;
    if ((HintsWithin(i, entry) & kHintTitle) != 0) return true;
    return 10 * block.bold_chars >= 9 * block.chars && !block.ends_sentence;
  }

  // The entry's anchor on this page, or else the link that is named as its own
  // or holds its time.
  std::string AddressOf(Node* entry) const {
    if (!IdOf(entry).empty()) return At("#", IdOf(entry));
    constexpr int kMostNodes = 200;
    int nodes = 0;
    for (Node* node = entry; node != nullptr && nodes < kMostNodes;
         node = NextNode(node, entry), ++nodes) {
      if (TagOf(node) != LXB_TAG_A) continue;
      const absl::string_view href = Attribute(node, "href");
      if (href.empty()) {
        const absl::string_view name = Attribute(node, "name");
        if (!name.empty()) return At("#", name);
        continue;
      }
      const bool is_own =
          absl::StrContains(Attribute(node, "rel"), "bookmark") ||
          Attribute(node, "itemprop") == "url" ||
          FindFirst(node, LXB_TAG_TIME) != nullptr;
      if (is_own) return At("", href);
    }
    return "";
  }

  std::string At(absl::string_view mark, absl::string_view reference) const {
    return LiveUpdateUrl(mark.empty() ? document_.base_url() : document_.url(),
                         std::string(mark) + std::string(reference));
  }

  const Document& document_;
  const PageModel& model_;
  v1::Article& article_;
  Selection selection_;
};

}  // namespace

std::vector<int> WriteLiveEntries(const Document& document,
                                  const PageModel& model, const LiveBlog& blog,
                                  v1::Article* article) {
  std::vector<EntryTime> times;
  for (const int box : blog.entries) {
    times.push_back(TimeOfEntry(model, box, article->language().tag())
                        .value_or(EntryTime()));
  }
  DateEntries(*article, &times);
  Reader reader(document, model, article);
  for (size_t i = 0; i < blog.entries.size(); ++i) {
    v1::LiveUpdate update = reader.Read(blog.entries[i], times[i]);
    if (update.headline().empty() && update.body().empty()) continue;
    if (times[i].time.has_value()) *update.mutable_time() = *times[i].time;
    *article->add_live_updates() = std::move(update);
  }
  return blog.entries;
}

}  // namespace dateline
